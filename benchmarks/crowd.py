"""Auditors in the middle of their visits, made in the database of the environment; prints them.

A process of its own: the servers that are measured have their settings and database, not ours.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402  the apps come first
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  as above
from django.db.models import F, Sum  # noqa: E402  as above

from audits.models import Audit, Evidence, Finding, SyncItem  # noqa: E402  as above
from audits.terms import Judgement, Status  # noqa: E402  as above
from tests.factories import Scheme, audit_at  # noqa: E402  as above

if TYPE_CHECKING:
    from accounts.models import User


def sign_in(user: User) -> str:
    """Return the key of a session in which the person is signed in."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def make(people: int) -> list[dict[str, Any]]:
    """Return each auditor: session, audit, and half of its findings with their versions.

    Two share an audit, the lead and a member; each has requirements of their own, as the team
    divides them.
    """
    made: list[dict[str, Any]] = []
    while len(made) < people:
        scheme = Scheme()
        audit = audit_at(Status.FIELDWORK, scheme)
        rows = Finding.objects.filter(audit=audit).exclude(judgement=Judgement.NOT_APPLICABLE)
        codes = list(rows.in_order().values_list("requirement__code", "version"))
        for place, auditor in enumerate((scheme.lead, scheme.member)):
            made.append(
                {
                    "session": sign_in(auditor.user),
                    "audit": audit.number,
                    "findings": codes[place::2],
                }
            )
    return made[:people]


def count() -> dict[str, int]:
    """Return what has been kept: saves of findings, photos, and small pictures of them."""
    pictures = Evidence.objects.filter(audit__in=Audit.objects.filter(status=Status.FIELDWORK))
    saves = Finding.objects.aggregate(made=Sum(F("version") - 1))["made"]
    return {
        "saves": int(saves or 0),
        "photos": pictures.count(),
        "small pictures": pictures.exclude(thumbnail="").count(),
        "tablet items": SyncItem.objects.count(),
    }


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[2])) if sys.argv[1] == "make" else count()))
