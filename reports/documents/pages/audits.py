"""Of the audit: site, profile, team and dates."""

from __future__ import annotations

from reports.documents.wording import Wording
from reports.snapshot.values import Data
from suppliers.prefectures import full_address


def site_of(snapshot: Data, say: Wording) -> Data:
    """Return the names and addresses of site and supplier."""
    site = snapshot["site"]
    supplier = site["supplier"]
    return {
        "name": say.pair(site["name"]),
        "supplier": say.pair(supplier["name"]),
        "line": f"{say.one(supplier['name'])} {say.one(site['name'])}",
        "corporate_number": supplier["corporate_number"] or "—",
        "address": full_address(site["prefecture"]["code"], site["address"]),
        "processes": say.listed("process", site["processes"]) or "—",
        "os_id": site["os_id"],
    }


def profile_of(snapshot: Data, say: Wording) -> Data | None:
    """Return the head-counts and facts of the site; None without a profile."""
    profile = snapshot["profile"]
    if profile is None:
        return None
    words = say.words

    def counted(*names: tuple[str, str]) -> list[tuple[str, int]]:
        return [(words[word], profile[field]) for word, field in names if profile[field]]

    return {
        "as_of": say.day(profile["as_of"]),
        "workers": profile["workers"],
        "foreign": profile["foreign_workers"],
        "minors": profile["minors"],
        "homeworkers": profile["homeworkers"],
        "shifts": profile["shifts"],
        "by_sex": counted(
            ("men", "workers_male"), ("women", "workers_female"), ("other", "workers_other")
        ),
        "by_contract": counted(
            ("regular", "workers_regular"),
            ("fixed_term", "workers_fixed_term"),
            ("dispatched", "workers_dispatched"),
        ),
        "by_status": counted(
            ("technical_interns", "technical_interns"),
            ("specified_skilled", "specified_skilled"),
            ("foreign_other", "foreign_other"),
        ),
        "languages": say.listed("language", profile["languages"]) or "—",
        "facts": [
            (words[name], words["yes" if profile[name] else "no"])
            for name in ("has_dormitory", "has_canteen", "uses_brokers", "uses_chemicals")
        ],
    }


def team_of(snapshot: Data, say: Wording) -> list[Data]:
    """Return the team with what each of them declared."""
    return [
        {
            "name": row["name"],
            "number": row["registration_number"],
            "function": say.term("function", row["function"]),
            "body": say.pair(row["body"]),
            "declared_on": say.day(row["declared_at"]),
            "threats": [bool(row["declaration"].get(value)) for value in say.terms["threat"]],
        }
        for row in snapshot["team"]
    ]


def dates_of(snapshot: Data, say: Wording) -> Data:
    """Return the days of visit, signature, issue and renewal in words."""
    dates, grade = snapshot["dates"], snapshot["grade"]
    return {
        "visit": say.days(
            (dates["started_at"] and dates["started_at"][:10]) or dates["planned_from"],
            (dates["finished_at"] and dates["finished_at"][:10]) or dates["planned_until"],
        ),
        "closing_meeting": say.day(dates["closing_meeting_at"]),
        "signed": say.day(dates["signed_at"]),
        "issued": say.day(grade["issued_on"]),
        "renewal": say.day(grade["renewal_due_on"]),
    }
