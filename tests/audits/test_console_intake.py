"""Accepting and returning applications through the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audits.services import applying
from audits.terms import Status
from tests.audits.desks import send, status_of
from tests.factories import (
    Scheme,
    audit_at,
    make_profile,
    make_site,
    open_draft,
)

if TYPE_CHECKING:
    pass


pytestmark = pytest.mark.django_db


def test_coordinator_accepts_and_the_other_reads_why_not(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    first = send(scheme.coordinator, "intake", audit)
    second = send(scheme.desk, "intake", audit)

    assert first.status_code == 302
    assert status_of(audit) == Status.ACCEPTED
    assert second.status_code == 422
    assert "has moved on in the meantime" in second.content.decode()
    assert "See where the audit stands now" in second.content.decode()


def test_body_is_chosen_at_acceptance_when_the_supplier_left_it_open(scheme: Scheme) -> None:
    audit = applying.open_application(
        actor=scheme.manager, site=scheme.site, secretariat=scheme.secretariat
    )
    ready = open_draft(scheme, make_site(scheme.supplier))
    applying.use_profile(actor=scheme.manager, audit=audit, profile=make_profile(scheme.site))
    applying.fill_in(actor=scheme.manager, audit=audit, documents=ready.documents)
    applying.accept_terms(actor=scheme.manager, audit=audit)
    audit = applying.submit(actor=scheme.manager, audit=audit)
    stranger = Scheme().body

    assert send(scheme.coordinator, "intake", audit).status_code == 422
    refused = send(scheme.coordinator, "intake", audit, body=stranger.pk)
    assert refused.status_code == 422
    assert send(scheme.coordinator, "intake", audit, body=scheme.body.pk).status_code == 302
    audit.refresh_from_db()
    assert audit.body == scheme.body
    assert audit.status == Status.ACCEPTED


def test_application_is_returned_with_a_comment(scheme: Scheme) -> None:
    audit = audit_at(Status.SUBMITTED, scheme)

    assert send(scheme.desk, "act", audit, "return").status_code == 422
    assert (
        send(scheme.desk, "act", audit, "return", comment="人数を直してください").status_code == 302
    )
    assert status_of(audit) == Status.DRAFT
