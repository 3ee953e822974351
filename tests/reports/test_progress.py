"""What the pages say about a paper that waits or is being printed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Audit
from audits.terms import Status
from reports.models import Report
from reports.services.papers import lined_up
from reports.terms import JobState
from tests.factories import Scheme, audit_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return Scheme()


@pytest.fixture
def audit(scheme: Scheme) -> Audit:
    return audit_at(Status.ISSUED, scheme)


def page_of(scheme: Scheme, audit: Audit) -> str:
    client = Client()
    client.force_login(scheme.manager)
    page = client.get(reverse("portal:reports", args=[audit.number]))
    return re.sub(r"\s+", " ", page.content.decode())


def test_waiting_report_says_how_many_papers_are_before_it(scheme: Scheme, audit: Audit) -> None:
    now = timezone.now()
    # The two summaries of the closing meeting were queued before the reports.
    Report.objects.filter(language="ja").update(due_at=now)
    Report.objects.filter(language="en").update(due_at=now + timedelta(seconds=1))

    rows = {row.language: row.ahead for row in lined_up(Report.objects.all())}  # type: ignore[attr-defined]  # added by the query

    assert rows == {"ja": 2, "en": 3}
    assert "2件待ち" in page_of(scheme, audit)
    assert "3件待ち" in page_of(scheme, audit)


def test_report_that_is_printed_is_before_nobody(scheme: Scheme, audit: Audit) -> None:
    Report.objects.filter(language="ja").update(due_at=timezone.now() - timedelta(days=1))

    assert "次に印刷します" in page_of(scheme, audit)


def test_running_report_says_how_far_it_has_come(scheme: Scheme, audit: Audit) -> None:
    claim = Report.objects.claim(Report.objects.get(language="ja").pk)
    assert claim is not None
    assert Report.objects.renew(claim, progress=70)

    assert '<progress class="short" max="100" value="70"' in page_of(scheme, audit)
    Report.objects.filter(pk=claim.pk).update(state=JobState.READY, file="x", sha256="y")
    assert "<progress" not in page_of(scheme, audit)


def test_report_that_is_tried_again_says_when_instead(scheme: Scheme, audit: Audit) -> None:
    for report in Report.objects.all():
        claim = Report.objects.claim(report.pk)
        assert claim is not None
        Report.objects.fail(claim, "no paper")

    page = page_of(scheme, audit)

    assert "件待ち" not in page
    assert "に再度試みます" in page
