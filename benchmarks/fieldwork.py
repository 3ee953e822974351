"""The fieldwork: laying out an audit, saving findings one by one and at once, and listing them.

Ratios are within one run; the goals are those of one quiet core.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.service_accounts import issue_token
from audits.models import Audit, Finding
from audits.services.applying import accept
from audits.services.fieldwork import save_finding
from audits.services.syncing import canonical
from audits.terms import Judgement, Status
from benchmarks.measuring import Measured, queries, timed
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from audits.standards.models import Requirement

FEW, MANY = 10, 2_000
# What the measured work may cost: milliseconds, queries.
GOALS = {
    "lay out an audit": (25, 15),
    "save one finding": (20, 12),
    "save 84 findings at once": (150, 25),
    "list 84 findings (REST)": (40, 8),
}
words = count()


def measure(runs: int) -> Measured:
    """Measure each kind of work with few audits in the database, and saving with many."""
    scheme = Scheme()
    audit = audit_at(Status.FIELDWORK, scheme)
    crowd(audit, FEW)
    figures = {
        "lay out an audit": _one(laying_out(), runs),
        "save one finding": _one(saving(scheme, audit), runs),
        "save one finding by its card": _one(saving_by_card(scheme, audit), runs),
        "save 84 findings at once": _one(saving_at_once(scheme, audit), runs),
        "list 84 findings (REST)": _one(listing(), runs),
    }
    crowd(audit, MANY - FEW)
    many = f"save one finding, {MANY} audits"
    figures[many] = _one(saving(scheme, audit), runs)
    ratios = {
        f"{name}: {what} to its goal": round(figures[name][key] / goal, 2)
        for name, goals in GOALS.items()
        for what, key, goal in zip(
            ("time", "queries"), ("median_ms", "queries"), goals, strict=True
        )
    }
    ratios[f"time of a save, {MANY} to {FEW} audits"] = round(
        figures[many]["median_ms"] / figures["save one finding"]["median_ms"], 2
    )
    ratios["84 saves one by one to 84 at once"] = round(
        84 * figures["save one finding"]["median_ms"]
        / figures["save 84 findings at once"]["median_ms"], 1,
    )  # fmt: skip
    return Measured(runs, figures, ratios)


def _one(work: Callable[[], Any], runs: int) -> dict[str, Any]:
    return {**timed(work, runs), "queries": queries(work)}


def crowd(like: Audit, many: int) -> None:
    """Add audits with all their findings; they stand where `like` stands."""
    first = Audit.objects.count()
    audits = Audit.objects.bulk_create(
        Audit(
            number=f"JASTI-2024-{first + place:05d}",
            site=like.site,
            secretariat=like.secretariat,
            body=like.body,
            standard=like.standard,
            status=Status.CLOSED,
            created_by=like.created_by,
        )
        for place in range(many)
    )
    requirements: list[Requirement] = list(like.pinned_standard.requirements.all())
    Finding.objects.bulk_create(
        (
            Finding(audit=audit, requirement=requirement, judgement=Judgement.CONFORMING)
            for audit in audits
            for requirement in requirements
        ),
        batch_size=2_000,
    )


def laying_out() -> Callable[[], object]:
    """Accept an application, which lays out its 84 findings; each time is taken back."""
    scheme = Scheme()
    audit = audit_at(Status.SUBMITTED, scheme)

    def work() -> None:
        with transaction.atomic():
            accept(actor=scheme.desk, audit=audit)
            transaction.set_rollback(True)

    return work


def saving(scheme: Scheme, audit: Audit) -> Callable[[], object]:
    """Save another text of one finding, as pages and workbooks do."""
    pk = Finding.objects.get(audit=audit, requirement__code="5-7").pk

    def work() -> None:
        finding = Finding.objects.get(pk=pk)
        save_finding(
            actor=scheme.lead.user,
            finding=finding,
            version=finding.version,
            judgement="nonconforming",
            report_text=f"{next(words)} 回目の所見",
        )

    return work


def saving_by_card(scheme: Scheme, audit: Audit) -> Callable[[], object]:
    """Save it as the card saves itself: a whole request, with the navigator in its answer."""
    client = Client(headers={"accept-language": "ja", "hx-request": "true"})
    client.force_login(scheme.lead.user)
    finding = Finding.objects.get(audit=audit, requirement__code="5-12")
    url = reverse("portal:card", args=[audit.number, "5-12"])
    version = count(finding.version)

    def work() -> None:
        text = f"{next(words)} 回目の所見"
        fields = {"version": next(version), "judgement": "conforming", "report_text": text}
        answer = client.post(url, fields)
        assert answer.status_code == 200, answer.status_code  # noqa: S101  a refusal is quick

    return work


def saving_at_once(scheme: Scheme, audit: Audit) -> Callable[[], object]:
    """Send all 84 findings in one request, as a tablet does after a visit."""
    client = Client()
    client.force_login(scheme.lead.user)
    url = reverse("portal:sync", args=[audit.number])

    def work() -> None:
        text = f"{next(words)} 回目の所見"
        versions = audit.findings.values_list("requirement__code", "version")
        items = []
        for code, version in versions:
            fields = {"judgement": "conforming", "report_text": text}
            digest = hashlib.sha256(canonical(fields)).hexdigest()
            one = {"key": str(uuid.uuid4()), "kind": "finding", "code": code, "version": version}
            items.append({**one, "fields": fields, "sha256": digest})
        body = json.dumps({"client": str(uuid.uuid4()), "items": items})
        answer = client.post(url, body, content_type="application/json")
        saved = [row["outcome"] for row in answer.json()["items"]]
        assert saved == ["saved"] * 84, saved  # noqa: S101  as above

    return work


def listing() -> Callable[[], object]:
    """List the findings of an issued audit as a brand does."""
    scheme = Scheme()
    audit = audit_at(Status.ISSUED, scheme)
    make_grant(audit.site, scheme.brand, level=Level.FULL)
    token = issue_token(actor=None, brand=scheme.brand)
    User.objects.filter(is_service=True, memberships__organisation=scheme.brand).update(
        last_login=timezone.now()
    )
    client = Client(headers={"authorization": f"Token {token}"})
    url = reverse("api:findings", args=[audit.pk])
    answer = client.get(url)
    assert len(answer.json()["findings"]) == 84, answer.content  # noqa: S101  as above
    return partial(client.get, url)
