"""The reasons for a grade as sentences, in the language of the reader."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from audits.standards.grading import Grade, Lift, Reason
from audits.standards.terms import GradeLetter, Severity

# Beyond this many the codes would hide the sentence.
_MOST_CODES = 12

_UP_TO = {
    Severity.UNACCEPTABLE: pgettext_lazy("severity and graver", "unacceptable"),
    Severity.MAJOR: pgettext_lazy("severity and graver", "major or graver"),
    Severity.MINOR: pgettext_lazy("severity and graver", "minor or graver"),
}


def explain(grade: Grade) -> tuple[str, ...]:
    """Why it is this grade and no better, one lazily translated sentence per reason."""
    return tuple(_sentence(reason) for reason in grade.reasons)


def explain_lift(lift: Lift) -> tuple[str, ...]:
    """What would have to change for the next better grade."""
    return (_lift_sentence(lift),)


def _render(reason: Reason) -> str:
    values: dict[str, object] = {
        **reason.numbers,
        "grade": str(GradeLetter(reason.grade).label),
        "codes": _listed(reason.codes),
    }
    count = int(reason.numbers.get("count", 0))
    if reason.severity:
        values["severity"] = str(Severity(reason.severity).label)
        values["severity_up_to"] = str(_UP_TO[Severity(reason.severity)])
    match reason.key:
        case "met":
            text = gettext("The score of %(score)s meets the %(threshold)s needed for %(grade)s.")
        case "knock_out":
            text = ngettext(
                "A nonconformity of severity “%(severity)s” rules out a grade: %(codes)s.",
                "%(count)s nonconformities of severity “%(severity)s” rule out a grade: %(codes)s.",
                count,
            )
        case "score_below":
            text = gettext(
                "The score of %(score)s is below the %(threshold)s needed for %(grade)s."
            )
        case _ if reason.numbers["maximum"] == 0:
            text = ngettext(
                "%(count)s finding of severity “%(severity_up_to)s” is nonconforming, not verified "
                "or not yet assessed (%(codes)s); %(grade)s allows none.",
                "%(count)s findings of severity “%(severity_up_to)s” are nonconforming, not verified "
                "or not yet assessed (%(codes)s); %(grade)s allows none.",
                count,
            )
        case _:
            text = ngettext(
                "%(count)s finding of severity “%(severity_up_to)s” is nonconforming, not verified "
                "or not yet assessed (%(codes)s); %(grade)s allows at most %(maximum)s.",
                "%(count)s findings of severity “%(severity_up_to)s” are nonconforming, not verified "
                "or not yet assessed (%(codes)s); %(grade)s allows at most %(maximum)s.",
                count,
            )
    return text % values


def _render_lift(lift: Lift) -> str:
    return ngettext(
        "%(grade)s would be reached with one more requirement met: %(codes)s.",
        "%(grade)s would be reached with %(count)s more requirements met, for example %(codes)s.",
        len(lift.codes),
    ) % {
        "grade": str(GradeLetter(lift.target).label),
        "count": len(lift.codes),
        "codes": _listed(lift.codes),
    }


def _listed(codes: tuple[str, ...]) -> str:
    separator = pgettext("between codes", ", ")
    shown = separator.join(codes[:_MOST_CODES])
    return gettext("%(codes)s and others") % {"codes": shown} if len(codes) > _MOST_CODES else shown


_sentence = lazy(_render, str)
_lift_sentence = lazy(_render_lift, str)
