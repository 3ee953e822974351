"""What a list of auditors would do: each row judged in memory against what the register holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.terms import Kind
from audits.auditors.models import Auditor, Qualification
from audits.auditors.services.qualifying import OVER, STEPS, of_step, reach, step_taken
from audits.auditors.services.register import Register, number_key
from audits.auditors.services.registering import (
    change,
    describe,
    description,
    of_change,
    of_registration,
    registers,
    registration,
    tidy_number,
)
from audits.auditors.terms import Level, QualificationStatus
from suppliers.imports.problems import Problem, shown
from suppliers.imports.values import match_key
from suppliers.services.plans import Plan
from ui.language import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import Organisation
    from accounts.services.notices import Telling
    from accounts.services.records import Entry
    from audits.auditors.imports import AuditorRow
    from suppliers.imports import Parsed

# Who is at home there is not made an auditor by a line of a list.
ELSEWHERE = {Kind.SCHEME_OWNER, Kind.SUPPLIER, Kind.BRAND, Kind.OBSERVER}


class Refused(Exception):  # noqa: N818  an answer to a person, not a failure
    """A row that cannot be brought in: the column, what stands there, and the sentence."""

    def __init__(self, column: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, shown(value), reason


@dataclass
class Judged:
    """What one row does: with whom, what is recorded and told, and what of it is new or changed.

    `new_user`, `new` and `new_held` say whether the person, the auditor and the qualification are
    made; else `described` says that the auditor is changed, and `held` which qualification is.
    `tellings` are asked once everything is saved.
    """

    auditor: Auditor
    new_user: bool = False
    new: bool = False
    described: bool = False
    held: Qualification | None = None
    new_held: bool = False
    entries: list[Entry] = field(default_factory=list)
    tellings: list[Callable[[], Telling]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)


class AuditorPlan(Plan["AuditorRow"]):
    """The rows of a list that do something, and the reasons why others cannot."""

    def __init__(self, actor: User, parsed: Parsed[AuditorRow]) -> None:
        super().__init__(parsed)
        self.actor = actor
        self.register = Register(actor, parsed.rows)
        self.judged: list[Judged] = []
        # In which row an address of a new auditor stands already.
        self.addresses: dict[str, int] = {}
        for row in parsed.rows:
            try:
                self._take(row, self._judge(row))
            except Refused as refused:
                title = parsed.headings.title(refused.column)
                self.problems.append(Problem(row.row, title, refused.value, refused.reason))
                self.done[row.row] = _("Cannot be imported")

    @property
    def entries(self) -> dict[Organisation, list[Entry]]:
        """What is recorded, by the body in whose record it stands; the bodies in order of keys."""
        found: defaultdict[Organisation, list[Entry]] = defaultdict(list)
        for each in sorted(self.judged, key=lambda each: each.auditor.body_id):
            found[each.auditor.body] += each.entries
        return dict(found)

    def _take(self, row: AuditorRow, judged: Judged) -> None:
        if not judged.entries:
            self.unchanged += 1
            self.done[row.row] = _("Stays as it is")
            return
        self.judged.append(judged)
        if judged.new:
            self.created += 1
            self.addresses[row.email.lower()] = row.row
            self.done[row.row] = _("New in the register")
        else:
            self.updated += 1
            self.changed_rows.add(row.row)
            self.done[row.row] = _("Changed: %(what)s") % {"what": listed(judged.changes)}

    def _judge(self, row: AuditorRow) -> Judged:
        auditor = self.register.auditors.get(number_key(row.registration_number))
        judged = self._new(row) if auditor is None else self._known(auditor, row)
        self._qualify(judged, row)
        return judged

    def _body(self, row: AuditorRow) -> Organisation:
        register = self.register
        found = register.bodies.get(match_key(row.body)) if row.body else register.only_body
        if found is None:
            raise Refused(
                "body",
                row.body,
                _(
                    "You register auditors for no body of this name. Write it as under Designations."
                ),
            )
        return found

    def _new(self, row: AuditorRow) -> Judged:
        body = self._body(row)
        if not row.languages:
            reason = _("The languages are missing. Write at least one, for example 日本語.")
            raise Refused("languages", "", reason)
        known = self._person(row)
        user = known or User(email=User.objects.normalize_email(row.email).lower(), name=row.name)
        number = tidy_number(row.registration_number)
        auditor = Auditor(user=user, body=body, registration_number=number)
        describe(auditor, row.languages, row.prefectures)
        return Judged(
            auditor,
            new_user=known is None,
            new=True,
            entries=[registration(auditor)],
            tellings=[partial(of_registration, auditor)],
        )

    def _person(self, row: AuditorRow) -> User | None:
        """Return who has the address already; raises Refused for who cannot be entered under it."""
        try:
            validate_email(row.email)
        except ValidationError as error:
            raise Refused("email", row.email, " ".join(error.messages)) from error
        if first := self.addresses.get(row.email.lower()):
            reason = _("This address stands already in row %(row)d. Mend one of the two rows.")
            raise Refused("email", row.email, reason % {"row": first})
        user = self.register.people.get(row.email.lower())
        if user is None:
            return None
        if user.is_service or not user.is_active:
            reason = _("This account cannot be an auditor's. Use another e-mail address.")
            raise Refused("email", row.email, reason)
        if hasattr(user, "auditor"):
            raise Refused("email", row.email, _("This person is in the register already."))
        if self.register.kinds[user.pk] & ELSEWHERE:
            reason = _(
                "The address belongs to somebody of the scheme owner, a supplier, a brand or an "
                "observer. A list makes nobody of them an auditor."
            )
            raise Refused("email", row.email, reason)
        if match_key(user.name) != match_key(row.name):
            reason = _(
                "The address belongs to somebody with another name. Mend the name or the address."
            )
            raise Refused("name", row.name, reason)
        return user

    def _known(self, auditor: Auditor, row: AuditorRow) -> Judged:
        if not registers(self.actor, auditor.body):
            reason = _("The number belongs to an auditor of another secretariat.")
            raise Refused("registration_number", row.registration_number, reason)
        if auditor.user.email.casefold() != row.email.casefold():
            reason = _("The number belongs to somebody with another e-mail address.")
            raise Refused("email", row.email, reason)
        if match_key(auditor.user.name) != match_key(row.name):
            reason = _(
                "The number belongs to %(name)s. Mend the name or the number; where somebody "
                "changed the name, ask the scheme owner to change the account."
            )
            raise Refused("name", row.name, reason % {"name": auditor.user.name})
        if row.body and self._body(row) != auditor.body:
            reason = _("The auditor is registered for another body. Ask the scheme owner.")
            raise Refused("body", row.body, reason)
        judged = Judged(auditor)
        before = description(auditor)
        if row.languages and set(row.languages) != set(auditor.languages):
            judged.changes.append(_("Languages"))
        if row.prefectures and set(row.prefectures) != set(auditor.prefectures):
            judged.changes.append(_("Prefectures served"))
        if judged.changes:
            describe(
                auditor,
                row.languages or auditor.languages,
                row.prefectures or auditor.prefectures,
            )
            judged.described = True
            judged.entries.append(change(auditor, before))
            if self.actor.pk != auditor.user_id:
                judged.tellings.append(partial(of_change, auditor))
        return judged

    def _qualify(self, judged: Judged, row: AuditorRow) -> None:
        """Add the steps that are new or on another day, and a last day that is another one."""
        register = self.register
        standard = (
            register.standards.get(match_key(row.standard)) if row.standard else register.standard
        )
        if standard is None and (row.standard or row.level):
            reason = _("There is no such version of the standard.")
            raise Refused("standard", row.standard, reason)
        if standard is None or not row.level:
            return
        auditor = judged.auditor
        held = register.held.get((auditor.pk, standard.pk, row.level))
        steps = _steps(row, held)
        if not steps:
            return
        days = dict(held.steps) if held else {}
        target = held or Qualification(
            auditor=auditor,
            standard=standard,
            level=Level(row.level),
            starts_on=min(steps.values()),
        )
        for step, on in steps.items():
            last = target.ends_on
            _reach(row, target, step, on)
            judged.entries.append(step_taken(target, auditor, step, on))
            if days.get(step.value) != on.isoformat():
                judged.changes.append(str(step.label))
            if target.ends_on != last:
                judged.changes.append(_("Valid until"))
            if step == QualificationStatus.QUALIFIED:
                judged.tellings.append(partial(of_step, target, auditor, step, on))
        judged.held, judged.new_held = target, held is None


def _steps(row: AuditorRow, held: Qualification | None) -> dict[QualificationStatus, date]:
    """Return the steps that the row makes, in their order; an end of another day is "qualified"."""
    days = held.steps if held else {}
    steps = {
        step: row.steps[step]
        for step in STEPS
        if step in row.steps and days.get(step.value) != row.steps[step].isoformat()
    }
    if row.ends_on is not None and (held is None or held.ends_on != row.ends_on):
        qualified = row.steps.get(QualificationStatus.QUALIFIED) or _qualified_on(held)
        if qualified is None:
            reason = _("A last day belongs to a qualification. Write the day it was obtained too.")
            raise Refused("ends_on", row.ends_on, reason)
        steps[QualificationStatus.QUALIFIED] = qualified
    if held is None and not row.steps and not steps:
        reason = _("There is no qualification of this level. Write the day of a step beside it.")
        raise Refused("level", Level(row.level).label, reason)
    return steps


def _qualified_on(held: Qualification | None) -> date | None:
    if held is None or held.status not in {QualificationStatus.QUALIFIED, *OVER}:
        return None
    day = held.steps.get(QualificationStatus.QUALIFIED)
    # Of those who were qualified before the register was kept here the step may not be known.
    return date.fromisoformat(day) if day else held.starts_on


def _reach(row: AuditorRow, target: Qualification, step: QualificationStatus, on: date) -> None:
    """Take the step on the qualification in memory; raises Refused with the cell that forbids it."""
    column = step.value if step in row.steps else "ends_on"
    if target.status in OVER:
        reason = _("The qualification is suspended or has lapsed. Change it on its page.")
        raise Refused(column, on, reason)
    last = row.ends_on or target.ends_on  # of which the list is silent, stays
    try:
        reach(target, step, on, last)
    except ValidationError as error:
        if "ends_on" in getattr(error, "error_dict", {}):
            column, on = "ends_on", last or on
        raise Refused(column, on, " ".join(error.messages)) from error
