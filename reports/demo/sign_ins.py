"""Who can sign in to the demo, with which password, and what there is to see."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DOMAIN = "demo.example"
# Known to everybody who reads this; accounts with it exist in demo databases only.
PASSWORD = "orime-demo-jasti"  # noqa: S105  published on purpose
OWNER = "owner"


@dataclass(frozen=True)
class SignIn:
    """One sign-in: the part before the @, whose it is, and what waits there."""

    name: str
    role: _StrPromise
    look_at: _StrPromise

    @property
    def email(self) -> str:
        """Return the whole address."""
        return address(self.name)


def address(name: str) -> str:
    """Return the demo's e-mail address of a sign-in."""
    return f"{name}@{DOMAIN}"


SIGN_INS = (
    SignIn(
        OWNER,
        _("Scheme owner"),
        _(
            "The whole scheme: audits, figures, a late critical alert, the draft of the next standard"
        ),
    ),
    SignIn(
        "secretariat",
        _("Coordinator of both secretariats"),
        _("Critical alerts, an appeal to decide, audits that are late, a suspended approval"),
    ),
    SignIn(
        "reviewer",
        _("Reviewer and decision maker"),
        _("Reports in review, results to decide, a differing grade to agree to"),
    ),
    SignIn(
        "body",
        _("Coordinator of an audit body"),
        _("Submitted applications, teams to propose, a conflict of interest found later"),
    ),
    SignIn(
        "lead",
        _("Lead auditor"),
        _("An audit under way today, reports to finish, comments and disputes to answer"),
    ),
    SignIn(
        "auditor",
        _("Auditor"),
        _("An offer of a place in a team, unavailable days, a qualification that ends soon"),
    ),
    SignIn(
        "supplier",
        _("Manager of a supplier with two sites"),
        _(
            "A draft application, facts to check, a message on a danger, an appeal, a result to share"
        ),
    ),
    SignIn(
        "brand",
        _("Brand"),
        _("Results shared at every level, one revised after an appeal, one suspended"),
    ),
)


def is_here() -> bool:
    """Say whether the database holds the demo: its scheme owner marks it."""
    return bool(User.objects.filter(email=address(OWNER)).exists())


def set_passwords() -> None:
    """Let the eight sign-ins in; nobody else of the demo has a password."""
    for user in User.objects.filter(email__in=[row.email for row in SIGN_INS]):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])


def shown() -> dict[str, object]:
    """Return what the sign-in page of the demo shows: the rows and the password."""
    return {"rows": SIGN_INS, "password": PASSWORD}


def as_table() -> str:
    """Return the sign-ins as text in columns for a terminal, in the active language."""
    rows = [(gettext("Role"), gettext("E-mail"), gettext("What to look at"))]
    rows += [(str(row.role), row.email, str(row.look_at)) for row in SIGN_INS]
    widths = [max(_width(row[column]) for row in rows) for column in (0, 1)]
    lines = [
        "  ".join(
            [_padded(role, widths[0]), _padded(email, widths[1]), look_at],
        )
        for role, email, look_at in rows
    ]
    password = gettext("Password of all: %(password)s") % {"password": PASSWORD}
    return "\n".join([gettext("Demo sign-ins"), *(f"  {line}" for line in lines), f"  {password}"])


def _width(text: str) -> int:
    """Return the cells a text takes in a terminal; Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
