"""The criteria of a standard version by which an audit is graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from audits.standards.terms import GradeLetter, Severity

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

GRAVEST_FIRST: tuple[str, ...] = tuple(Severity.values)
TARGETS: tuple[str, ...] = (GradeLetter.A.value, GradeLetter.B.value)


class InvalidParametersError(ValueError):
    """A grading parameter is not valid; `field` is its path, such as "points.major"."""

    def __init__(self, field: str, reason: _StrPromise) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class GradingParameters:
    """How a standard version turns judgements into a grade.

    `points` per severity; `thresholds` in points of 100 for A and B; `maximum` per grade and
    severity: how many findings of that severity or graver still allow the grade (none: no limit).
    """

    knock_out: frozenset[str]
    points: dict[str, int]
    thresholds: dict[str, int]
    count_not_applicable: bool
    maximum: dict[str, dict[str, int]]

    @classmethod
    def from_data(cls, data: Any) -> GradingParameters:
        """Parse what the manifest or the database holds.

        Raises `InvalidParametersError` with the first field that is wrong.
        """
        if not isinstance(data, dict):
            raise InvalidParametersError("", _("Names with values are required."))
        for name in data:
            if name not in cls.__slots__:
                raise InvalidParametersError(str(name), _("The entry is not known."))
        counts = data.get("count_not_applicable")
        if not isinstance(counts, bool):
            raise InvalidParametersError("count_not_applicable", _("Must be true or false."))
        return cls(
            knock_out=_knock_out(data.get("knock_out")),
            points=_points(data.get("points")),
            thresholds=_thresholds(data.get("thresholds")),
            count_not_applicable=counts,
            maximum=_maximum(data.get("maximum", {})),
        )


def _knock_out(data: Any) -> frozenset[str]:
    if not isinstance(data, list) or not all(severity in GRAVEST_FIRST for severity in data):
        raise InvalidParametersError("knock_out", _("A list of severities is required."))
    chosen = frozenset(data)
    if chosen != frozenset(GRAVEST_FIRST[: len(chosen)]):
        reason = _("A graver severity must be in the list as well.")
        raise InvalidParametersError("knock_out", reason)
    return chosen


def _points(data: Any) -> dict[str, int]:
    points = _whole_numbers(data, "points", GRAVEST_FIRST, required=True)
    if not points["unacceptable"] >= points["major"] >= points["minor"]:
        raise InvalidParametersError("points", _("A graver severity must not have fewer points."))
    return points


def _thresholds(data: Any) -> dict[str, int]:
    thresholds = _whole_numbers(data, "thresholds", TARGETS, required=True)
    if not thresholds["B"] <= thresholds["A"] <= 100:
        raise InvalidParametersError("thresholds", _("A must be at most 100 and B at most A."))
    return thresholds


def _maximum(data: Any) -> dict[str, dict[str, int]]:
    if not isinstance(data, dict) or not set(data) <= set(TARGETS):
        raise InvalidParametersError("maximum", _("Only A and B can have limits."))
    maximum = {
        target: _whole_numbers(data.get(target, {}), f"maximum.{target}", GRAVEST_FIRST)
        for target in TARGETS
    }
    for severity, allowed in maximum["B"].items():
        if maximum["A"].get(severity, allowed + 1) > allowed:
            raise InvalidParametersError(
                f"maximum.A.{severity}", _("A must not allow more than B.")
            )
    return maximum


def _whole_numbers(
    data: Any, name: str, keys: tuple[str, ...], *, required: bool = False
) -> dict[str, int]:
    if not isinstance(data, dict):
        raise InvalidParametersError(name, _("Names with values are required."))
    for key in data:
        if key not in keys:
            raise InvalidParametersError(f"{name}.{key}", _("The entry is not known."))
    for key in keys if required else data:
        value = data.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InvalidParametersError(
                f"{name}.{key}", _("A whole number, 0 or more, is required.")
            )
    return {str(key): value for key, value in data.items()}
