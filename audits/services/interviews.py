"""Interviews: whether enough were held, who interprets, and the sealed notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audits.models import Interpreter, InterviewNote, InterviewSample, SchemeSettings
from audits.personal_data import NAME, personal_data_in, refuse_passages, refuse_personal_data
from audits.services.locking import lock, lock_to_write
from audits.services.records import append_event
from audits.terms import Answer, Employer, InterviewForm
from suppliers.terms import Language

if TYPE_CHECKING:
    from accounts.models import User
    from audits.models import Audit

# What organisations that bring and look after foreign workers are called.
_BROKER = re.compile(r"監理|協同組合|登録支援|送出|送り出し|broker|sending", re.IGNORECASE)
LONGEST_NOTE = 10_000


@dataclass(frozen=True)
class Coverage:
    """The interviews of an audit: what is asked for, what was held, and what is wrong with it.

    `counted` leaves out what an interpreter of the site or its broker interpreted (`dependent`,
    languages in words); `unspoken` are languages in which interviews were held though nobody of the
    team speaks them and no interpreter is recorded.
    """

    least: int
    planned: int
    done: int
    in_groups: int
    counted: int
    short: list[InterviewSample]
    dependent: list[str]
    unspoken: list[str]

    @property
    def individually(self) -> int:
        """Return how many were heard alone."""
        return self.done - self.in_groups

    @property
    def is_short(self) -> bool:
        """Say whether fewer were heard than the rule or the plan asks for."""
        return self.counted < self.least or bool(self.short)


def coverage_of(audit: Audit) -> Coverage:
    """Return how far the interviews of an audit go; the audit comes with its people and profile."""
    samples = list(InterviewSample.objects.filter(audit=audit))
    interpreters = list(Interpreter.objects.filter(audit=audit))
    independent = {row.language for row in interpreters if not row.is_dependent}
    dependent = {row.language for row in interpreters if row.is_dependent} - independent
    spoken = {
        code
        for place in audit.team.all()
        if place.answer == Answer.ACCEPTED
        for code in place.auditor.languages
    }
    counted = [row for row in samples if not row.across]
    held = {row.language for row in counted if row.done}
    return Coverage(
        least=SchemeSettings.objects.current().interviews_of(audit),
        planned=sum(row.planned for row in counted),
        done=sum(row.done for row in counted),
        in_groups=sum(row.done_in_groups for row in counted),
        counted=sum(row.done for row in counted if row.language not in dependent),
        short=[row for row in samples if row.missing],
        dependent=_words(dependent & held),
        unspoken=_words(held - spoken - independent - dependent - {Language.JAPANESE.value}),
    )


def _words(codes: set[str]) -> list[str]:
    return [str(language.label) for language in Language if language.value in codes]


@transaction.atomic
def record_sample(
    *,
    actor: User,
    audit: Audit,
    stratum: str,
    language: str,
    planned: int,
    done: int,
    done_in_groups: int = 0,
    across: bool = False,
) -> InterviewSample:
    """Record how many workers of a stratum were to be and were interviewed; counts only.

    `done_in_groups` is how many of those done were heard together with others. `across` strata (sex,
    dormitory, shift) are the same people once more and are not added up.
    """
    audit = lock_to_write(actor, audit)
    refuse_personal_data(stratum)
    if done_in_groups > done:
        raise ValidationError(_("More were heard in groups than were heard at all."))
    sample, _created = InterviewSample.objects.update_or_create(
        audit=audit,
        stratum=stratum,
        language=language,
        defaults={
            "planned": planned,
            "done": done,
            "done_in_groups": done_in_groups,
            "across": across,
        },
    )
    return sample


@transaction.atomic
def explain_shortfall(*, actor: User, audit: Audit, reason: str) -> Audit:
    """Say why fewer interviews were held than the rule or the plan asks for; the visit can end then."""
    audit = lock_to_write(actor, audit)
    reason = reason.strip()
    if not reason:
        raise ValidationError(_("Say why fewer interviews were held."))
    refuse_personal_data(reason)
    audit.interviews_reason = reason
    audit.save(update_fields=["interviews_reason"])
    append_event(audit=audit, actor=actor, act="interviews_explained", comment=reason)
    return audit


@transaction.atomic
def add_interpreter(
    *,
    actor: User,
    audit: Audit,
    language: Language,
    employer: Employer,
    employer_name: str = "",
    conflict: str = "",
) -> Interpreter:
    """Record who interprets the interviews in a language.

    An interpreter of the site or of its broker is refused; one who had to be taken all the same
    needs `conflict`, the statement of why, and what is interpreted so does not count.
    """
    audit = lock_to_write(actor, audit)
    employer_name, conflict = employer_name.strip(), conflict.strip()
    refuse_personal_data(f"{employer_name}\n{conflict}")
    employer = _true_employer(audit, employer, employer_name)
    if employer.value in Employer.dependent() and not conflict:
        raise ValidationError(
            _(
                "Interpreters of the site or of its broker do not interpret: workers cannot speak "
                "freely before them. Take another one. If there was none, state the conflict and "
                "why; these interviews do not count."
            ),
            code="dependent",
        )
    row = Interpreter.objects.create(
        audit=audit,
        language=language,
        employer=employer,
        employer_name=employer_name,
        conflict=conflict if employer.value in Employer.dependent() else "",
        added_by=actor,
    )
    append_event(
        audit=audit,
        actor=actor,
        act="interpreter_conflict" if row.is_dependent else "interpreter_added",
        comment=row.conflict,
        payload={"language": row.language, "employer": row.employer, "name": employer_name},
    )
    return row


def _true_employer(audit: Audit, employer: Employer, name: str) -> Employer:
    """Return who the employer is by its name, whatever was chosen."""
    supplier = audit.site.supplier
    ours = (supplier.name_ja, supplier.name_en, audit.site.name_ja)
    if employer.value in Employer.dependent() or not name:
        return employer
    if any(own and own in name for own in ours):
        return Employer.SITE
    return Employer.BROKER if _BROKER.search(name) else employer


@transaction.atomic
def remove_interpreter(*, actor: User, interpreter: Interpreter) -> None:
    """Take out an interpreter who did not come; that one was entered stays in the record."""
    audit = lock_to_write(actor, interpreter.audit)
    append_event(
        audit=audit,
        actor=actor,
        act="interpreter_removed",
        payload={"language": interpreter.language, "employer": interpreter.employer},
    )
    interpreter.delete()


@transaction.atomic
def write_note(
    *,
    actor: User,
    audit: Audit,
    stratum: str,
    language: Language,
    form: InterviewForm,
    text: str,
    sure: bool = False,
) -> InterviewNote:
    """Keep a sealed note of one interview; a note is not changed, a further one corrects it.

    The same note sent twice, as when an answer was lost, is kept once.
    Numbers and addresses that lead to a person are refused. What looks like a name is refused with
    a warning, unless somebody is `sure` that it names no worker; that is recorded.
    """
    audit = lock_to_write(actor, audit)
    if not text.strip():
        raise ValidationError(_("Write what was said."))
    if len(text) > LONGEST_NOTE or "\x00" in text:
        raise ValidationError(
            _("The text is longer than %(limit)d characters. Shorten it."),
            params={"limit": LONGEST_NOTE},
        )
    refuse_personal_data(stratum)
    names = _names_in(text)
    if names and not sure:
        raise ValidationError(
            [
                ValidationError(
                    _("“%(passage)s” looks like a person's name. Write the group instead."),
                    params={"passage": passage},
                    code="name",
                )
                for passage in names
            ]
        )
    said = {
        "stratum": stratum.strip(),
        "language": language,
        "form": form,
        "text": text.strip(),
        "written_by": actor,
    }
    notes = InterviewNote.objects.filter(audit=audit)
    if kept := notes.filter(**said).first():
        return kept
    last = notes.aggregate(last=Max("number"))["last"] or 0
    note = InterviewNote.objects.create(audit=audit, number=last + 1, **said)
    append_event(
        audit=audit,
        actor=actor,
        act="interview_note_written",
        payload={"note": note.label, "warned": len(names)},
    )
    return note


def _names_in(text: str) -> list[str]:
    """Return what looks like names; raise ValidationError for numbers and addresses."""
    found = personal_data_in(text)
    refuse_passages([(label, passage) for label, passage in found if label != str(NAME)])
    return [passage for _label, passage in found]


@transaction.atomic
def read_note(*, actor: User, note: InterviewNote) -> InterviewNote:
    """Record that somebody reads a sealed note, and return it; the caller has checked who may."""
    append_event(
        audit=lock(note.audit),
        actor=actor,
        act="read_interview_note",
        payload={"note": note.label},
    )
    return note
