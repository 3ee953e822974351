"""Telling auditors, and those who look after them, what concerns their place in the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.services.notices import Telling, notify, notify_each
from accounts.services.people import people_of
from accounts.terms import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.letters import Fact, Letter
    from audits.auditors.models import Auditor

DESK = (Role.ADMINISTRATOR, Role.COORDINATOR)


def to_auditor(
    auditor: Auditor,
    key: str,
    letter: Letter,
    facts: Mapping[str, Fact] | None = None,
    *,
    said: str = "",
) -> Telling:
    """Return what the auditor is to be told about the own place in the register, once per key."""
    return Telling(
        auditor.user,
        _auditor_key(auditor, key),
        lambda: letter.message(facts, body=said, path=reverse("portal:qualifications")),
    )


def tell_auditor(
    auditor: Auditor,
    key: str,
    letter: Letter,
    facts: Mapping[str, Fact] | None = None,
    *,
    said: str = "",
) -> int:
    """Tell the auditor something about the own place in the register, once per key."""
    return notify_each([to_auditor(auditor, key, letter, facts, said=said)])


def tell_desks(auditor: Auditor, key: str, letter: Letter, facts: Mapping[str, Fact]) -> int:
    """Tell the coordinators of the auditor's body and of its secretariat, once per key.

    Not the auditor who was told under the same key: in a one-person office that is the coordinator.
    """
    return sum(
        notify(
            people_of(organisation, *DESK),
            desk_key(auditor, key),
            lambda: letter.message(
                facts,
                body=f"{auditor.user.name} ({auditor.registration_number})",
                path=reverse("console:auditor", args=[auditor.pk]),
            ),
            same=[_auditor_key(auditor, key)],
        )
        for organisation in (auditor.body_id, auditor.body.parent_id)
        if organisation
    )


def desk_key(auditor: Auditor, key: str) -> str:
    """Return under which key the desks are told something about an auditor."""
    return f"{_auditor_key(auditor, key)}:desk"


def _auditor_key(auditor: Auditor, key: str) -> str:
    return f"auditor:{auditor.pk}:{key}"
