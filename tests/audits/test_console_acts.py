"""Acts of the desks through the console's pages: the right and the wrong people, twice, too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from audits.terms import Status
from tests.audits.desks import client_of, send, status_of
from tests.factories import (
    Scheme,
    audit_at,
    make_site,
    open_draft,
)

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


# Page, state in which it is open, who may (by attribute of the scheme).
PAGES = [
    ("intake", Status.SUBMITTED, ("desk", "coordinator", "decider")),
    ("assign", Status.ACCEPTED, ("desk", "coordinator", "decider")),
    ("schedule", Status.TEAM_PROPOSED, ("desk", "coordinator", "decider")),
    ("review", Status.IN_REVIEW, ("reviewer",)),
    ("decide", Status.DECISION, ("reviewer", "decider")),
]
EVERYBODY = ("owner", "observer", "coordinator", "reviewer", "decider", "desk")


@pytest.mark.parametrize(("name", "status", "allowed"), PAGES)
def test_pages_of_acts_open_for_the_right_people_in_the_right_state(
    name: str, status: Status, allowed: tuple[str, ...], scheme: Scheme
) -> None:
    audit = audit_at(status, scheme)
    draft = open_draft(scheme, make_site(scheme.supplier))
    address = reverse(f"console:{name}", args=[audit.number])

    for who in EVERYBODY:
        expected = 200 if who in allowed else 403
        client = client_of(getattr(scheme, who))
        answer = client.get(address)
        assert answer.status_code == expected, who
        assert len(answer.content) < 150_000
        if expected == 403:
            assert client.post(address, {"version": audit.version}).status_code == 403, who
    assert client_of(Scheme().coordinator).get(address).status_code == 404
    early = client_of(getattr(scheme, allowed[0])).get(
        reverse(f"console:{name}", args=[draft.number]), follow=True
    )
    assert "This step is not open" in early.content.decode()


def test_cancelling_lists_what_follows_and_needs_a_reason(scheme: Scheme) -> None:
    audit = audit_at(Status.SCHEDULED, scheme)
    address = reverse("console:act", args=[audit.number, "cancel"])

    shown = client_of(scheme.coordinator).get(address).content.decode()
    assert "This cannot be undone" in shown
    assert "The audit ends here" in shown
    for person in (scheme.owner, scheme.observer, scheme.reviewer):
        assert client_of(person).get(address).status_code == 403
        assert send(person, "act", audit, "cancel", comment="x").status_code == 403
    assert send(scheme.coordinator, "act", audit, "cancel").status_code == 422
    assert send(scheme.coordinator, "act", audit, "cancel", comment="閉鎖").status_code == 302
    assert status_of(audit) == Status.CANCELLED


def test_owner_voids_an_issued_audit(scheme: Scheme) -> None:
    audit = audit_at(Status.ISSUED, scheme)

    assert send(scheme.decider, "act", audit, "void", comment="x").status_code == 403
    assert send(scheme.owner, "act", audit, "void", comment="別の事業所").status_code == 302
    assert status_of(audit) == Status.VOID


@pytest.mark.parametrize("act", ["issue", "start", "sign", "nonsense"])
def test_acts_with_a_page_of_their_own_are_not_simple(act: str, scheme: Scheme) -> None:
    audit = audit_at(Status.DECISION, scheme)

    assert send(scheme.decider, "act", audit, act).status_code == 404
