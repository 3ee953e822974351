"""Which requirement of the version before each requirement follows: proposed, then edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audits.standards.matching import match_requirements
from audits.standards.models import Requirement, RequirementMapping, Standard
from audits.standards.services.access import keep, locked, require_administrator
from audits.standards.terms import Relation

if TYPE_CHECKING:
    from accounts.models import User


class Follows(NamedTuple):
    """How a requirement stands to the code of the version before it ("" when it is new)."""

    relation: str
    previous: str


def propose_mappings(standard: Standard) -> None:
    """Map a draft whose requirements were just written to its previous version; no row without one."""
    if standard.previous is None:
        return
    old, new = standard.previous.contents(), standard.contents()
    before = _by_code(standard.previous)
    now = _by_code(standard)
    RequirementMapping.objects.bulk_create(
        RequirementMapping(
            requirement=now[row.code],
            previous=before[row.previous] if row.previous else None,
            relation=row.relation,
        )
        for row in match_requirements(old, new)
    )


@transaction.atomic
def set_mappings(*, actor: User, standard: Standard, rows: Mapping[str, Follows]) -> int:
    """Change the mapping of a draft; `rows` are by code. Returns how many changed.

    Raises ValidationError, with the code of the requirement as key, for rows that cannot be.
    """
    require_administrator(actor)
    standard = locked(standard)
    if not standard.is_draft or standard.previous is None:
        raise ValidationError(_("Only the mapping of a draft that follows a version can change."))
    if standard.proposed_by_id is not None:
        raise ValidationError(
            _("The activation is proposed. Take the proposal back before you change the mapping.")
        )
    before = _by_code(standard.previous)
    mappings = {
        mapping.requirement.code: mapping
        for mapping in RequirementMapping.objects.filter(
            requirement__standard=standard
        ).select_related("requirement", "previous")
    }
    changed = []
    for code, row in rows.items():
        mapping = mappings[code]
        now = Follows(mapping.relation, mapping.previous.code if mapping.previous else "")
        if row != now:
            mapping.relation = row.relation
            mapping.previous = before.get(row.previous)
            changed.append(mapping)
    if errors := _faults(rows, set(before), mappings):
        raise ValidationError(errors)
    RequirementMapping.objects.bulk_update(changed, ["relation", "previous"])
    if changed:
        keep(
            standard,
            actor=actor,
            act="standard_mapping_changed",
            payload={"codes": [mapping.requirement.code for mapping in changed]},
        )
    return len(changed)


def _faults(
    rows: Mapping[str, Follows], known: set[str], mappings: Mapping[str, RequirementMapping]
) -> dict[str, ValidationError]:
    errors: dict[str, ValidationError] = {}
    for code, row in rows.items():
        if row.relation not in Relation.values:
            errors[code] = ValidationError(_("Choose one of the relations."))
        elif row.relation == Relation.NEW and row.previous:
            errors[code] = ValidationError(_("A new requirement follows none: leave it empty."))
        elif row.relation != Relation.NEW and row.previous not in known:
            errors[code] = ValidationError(
                _("The previous version has no requirement %(code)s."),
                params={"code": row.previous or "–"},
            )
    taken: dict[str, str] = {}
    for code, mapping in mappings.items():
        if code in errors or mapping.relation != Relation.UNCHANGED or mapping.previous is None:
            continue
        first = taken.setdefault(mapping.previous.code, code)
        if first != code:
            errors[code] = ValidationError(
                _("%(first)s is unchanged from %(previous)s already; only one of them can be."),
                params={"first": first, "previous": mapping.previous.code},
            )
    return errors


def _by_code(standard: Standard) -> dict[str, Requirement]:
    return {row.code: row for row in Requirement.objects.filter(standard=standard)}


class Link(NamedTuple):
    """How a requirement stands to one of an older version, over all versions in between."""

    relation: str
    previous: UUID


# From the closest on; over several versions the loosest of the relations counts.
CLOSEST_FIRST = (Relation.UNCHANGED, Relation.REWORDED, Relation.CHANGED)


def links_between(old: Standard, new: Standard) -> dict[UUID, Link]:
    """Return the requirements of `new` that follow one of `old`, in one query.

    Back from a newer version to an older one works as well: of several requirements that follow the
    same one, the closest counts. Nothing when the versions do not follow each other.
    """
    if old.effective_on > new.effective_on:
        back: dict[UUID, Link] = {}
        for here, link in links_between(new, old).items():
            known = back.get(link.previous)
            if known is None or _looseness(link.relation) < _looseness(known.relation):
                back[link.previous] = Link(link.relation, here)
        return back
    rows = {
        here: (there, relation, version, of)
        for here, there, relation, version, of in RequirementMapping.objects.exclude(
            relation=Relation.NEW
        )
        .filter(requirement__standard__effective_on__range=(old.effective_on, new.effective_on))
        .values_list(
            "requirement",
            "previous",
            "relation",
            "previous__standard",
            "requirement__standard",
        )
    }
    found: dict[UUID, Link] = {}
    for start in [here for here, row in rows.items() if row[3] == new.pk]:
        key, worst = start, str(Relation.UNCHANGED)
        while key in rows:
            key, relation, version, _of = rows[key]
            worst = max(worst, relation, key=_looseness)
            if version == old.pk:
                found[start] = Link(worst, key)
                break
    return found


def _looseness(relation: str) -> int:
    return [one.value for one in CLOSEST_FIRST].index(relation)


def carried_over(old: Standard, new: Standard) -> dict[UUID, UUID]:
    """Return the requirements of `new` that are unchanged from `old`: key of the new to the old one.

    Follows the versions in between; back from a newer version to an older one works as well.
    Nothing when the versions do not follow each other.
    """
    return {
        here: link.previous
        for here, link in links_between(old, new).items()
        if link.relation == Relation.UNCHANGED
    }


def _without_a_change() -> dict[UUID, UUID]:
    """Return for each requirement the one before it that it follows without a change of meaning."""
    return dict(
        RequirementMapping.objects.filter(
            relation__in=(Relation.UNCHANGED, Relation.REWORDED), previous__isnull=False
        ).values_list("requirement", "previous")
    )


def first_wordings() -> dict[UUID, UUID]:
    """Return for requirements of later versions the first one that means the same, in one query."""
    links = _without_a_change()
    firsts = {}
    for start in links:
        key = start
        while key in links:
            key = links[key]
        firsts[start] = key
    return firsts


def same_meaning(requirement: Requirement) -> list[UUID]:
    """Return the requirement and those of older versions that it follows without a change of meaning."""
    links = _without_a_change()
    found = [requirement.pk]
    while found[-1] in links:
        found.append(links[found[-1]])
    return found
