"""Clocks of auditors: qualifications that end soon are reminded of, and those that ended lapse."""

from __future__ import annotations

from datetime import date

from accounts.services.notices import told
from audits.auditors.letters import ENDING
from audits.auditors.models import Qualification
from audits.auditors.services.qualifying import facts_of, let_lapse
from audits.auditors.services.telling import desk_key, tell_auditor, tell_desks
from audits.auditors.terms import QualificationStatus
from audits.models import SchemeSettings
from audits.services.clocks.marks import horizon, reached
from audits.services.clocks.registry import clock, each


@clock
def lapse_qualifications(today: date) -> int:
    """Let every qualification lapse whose last day has passed."""
    over = Qualification.objects.filter(status=QualificationStatus.QUALIFIED, ends_on__lt=today)
    return each(list(over), let_lapse)


@clock
def remind_of_qualifications(today: date) -> int:
    """Tell auditor, body and secretariat, once per mark, that a qualification ends soon."""
    marks = [-days for days in SchemeSettings.objects.current().qualification_reminder_days]
    near = Qualification.objects.filter(
        status=QualificationStatus.QUALIFIED,
        ends_on__gte=today,
        ends_on__lte=horizon(marks, today),
        auditor__is_active=True,
    ).select_related("auditor__body", "auditor__user", "standard")
    rows = {}
    for row in near:
        mark = reached(row.ends_on, marks, today) if row.ends_on else None
        if mark is not None:
            rows[desk_key(row.auditor, f"ending:{row.pk}:{row.ends_on}:{mark}")] = (row, mark)
    for key in told(rows):
        del rows[key]
    done = 0
    for row, mark in rows.values():
        key, facts = f"ending:{row.pk}:{row.ends_on}:{mark}", facts_of(row) | {"day": row.ends_on}
        done += tell_auditor(row.auditor, key, ENDING, facts)
        done += tell_desks(row.auditor, key, ENDING, facts)
    return done
