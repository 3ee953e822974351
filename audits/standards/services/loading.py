"""Bringing a catalogue into the system as a draft of a version."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audits.standards.models import Category, Clause, Requirement, RequirementMapping, Standard
from audits.standards.services.access import keep, locked, require_administrator, require_reason
from audits.standards.services.mapping import propose_mappings
from audits.standards.terms import StandardStatus

if TYPE_CHECKING:
    from accounts.models import User
    from audits.standards.catalogue import Catalogue
    from audits.standards.contents import Contents


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did with which version."""

    standard: Standard
    outcome: Literal["created", "replaced", "unchanged"]


@transaction.atomic
def load_catalogue(
    *, catalogue: Catalogue, actor: User | None = None, previous: Standard | None = None
) -> Loaded:
    """Bring a catalogue in as a draft, or replace the draft of that version.

    Its requirements are mapped to those of `previous`, by default the activated version before it.
    A version with the same contents is left alone, also one made at the same moment. Raises
    `PermissionDenied` for an actor who does not administer the scheme (None is the operator's
    command line) and `ValidationError` when the version has been activated with other contents, or
    was made with others at the same moment.
    """
    require_administrator(actor)
    contents = catalogue.contents
    previous = previous or newest_before(contents)
    standard = Standard.objects.select_for_update().filter(version=contents.version).first()
    if standard is None:
        standard, created = _create(catalogue, previous)
        if created:
            _keep(standard, catalogue, actor)
            return Loaded(standard, "created")
        if standard.contents() != contents:
            raise ValidationError(
                _(
                    "Somebody made a draft of version %(version)s at the same moment. "
                    "Look at it before you replace it."
                ),
                code="moved_on",
                params={"version": contents.version},
            )
    if standard.is_draft:
        if (
            standard.contents() == contents
            and standard.mandatory_from == catalogue.mandatory_from
            and standard.previous == previous
        ):
            return Loaded(standard, "unchanged")
        _require_not_proposed(standard, actor)
        _clear(standard)
        _write(standard, catalogue, previous)
        _keep(standard, catalogue, actor)
        return Loaded(standard, "replaced")
    if standard.content_hash != contents.fingerprint():
        raise ValidationError(
            _(
                "Version %(version)s has been activated with other contents and can no longer be changed. "
                "Give the catalogue a new version in its manifest and load it again."
            ),
            code="immutable",
            params={"version": contents.version},
        )
    return Loaded(standard, "unchanged")


@transaction.atomic
def discard_draft(*, actor: User, standard: Standard, reason: str) -> None:
    """Delete a draft whose activation is not proposed; the record keeps that there was one."""
    require_administrator(actor)
    reason = require_reason(reason)
    standard = locked(standard)
    if not standard.is_draft:
        raise ValidationError(
            _("Version %(version)s has already been activated."),
            code="activated",
            params={"version": standard.version},
        )
    _require_not_proposed(standard, actor)
    keep(standard, actor=actor, act="standard_discarded", comment=reason)
    _clear(standard)
    standard.delete()


def newest_before(contents: Contents) -> Standard | None:
    """Return the activated version that contents follow when nobody says which, if there is one."""
    return (
        Standard.objects.exclude(status=StandardStatus.DRAFT)
        .exclude(version=contents.version)
        .filter(effective_on__lte=contents.effective_on)
        .order_by("-effective_on")
        .first()
    )


def _require_not_proposed(standard: Standard, actor: User | None) -> None:
    """Somebody may be looking at the draft in order to confirm it."""
    if actor is not None and standard.proposed_by_id is not None:
        raise ValidationError(
            _(
                "The activation of the draft %(version)s is proposed. "
                "Take the proposal back before you replace the draft."
            ),
            code="proposed",
            params={"version": standard.version},
        )
    standard.proposed_by, standard.proposed_at = None, None


def _clear(standard: Standard) -> None:
    RequirementMapping.objects.filter(requirement__standard=standard).delete()
    Clause.objects.filter(requirement__standard=standard).delete()
    Requirement.objects.filter(standard=standard).delete()
    Category.objects.filter(standard=standard).delete()


def _keep(standard: Standard, catalogue: Catalogue, actor: User | None) -> None:
    keep(
        standard,
        actor=actor,
        act="standard_imported",
        payload={
            "previous": standard.previous.version if standard.previous else "",
            "requirements": len(catalogue.contents.requirements),
            "clauses": len(catalogue.contents.clauses),
            "fingerprint": catalogue.contents.fingerprint(),
        },
    )


def _create(catalogue: Catalogue, previous: Standard | None) -> tuple[Standard, bool]:
    """Return the new draft and True, or the one that somebody made at the same moment and False."""
    standard = Standard(version=catalogue.contents.version)
    try:
        with transaction.atomic():
            _write(standard, catalogue, previous)
    except IntegrityError:
        version = catalogue.contents.version
        return Standard.objects.select_for_update(of=("self",)).get(version=version), False
    return standard, True


def _write(standard: Standard, catalogue: Catalogue, previous: Standard | None) -> None:
    contents = catalogue.contents
    standard.title_ja = contents.title_ja
    standard.title_en = contents.title_en
    standard.effective_on = contents.effective_on
    standard.mandatory_from = catalogue.mandatory_from
    standard.official = contents.official
    standard.grading = contents.grading
    standard.previous = previous
    standard.save()
    categories = Category.objects.bulk_create(
        Category(standard=standard, **asdict(row)) for row in contents.categories
    )
    by_number = {category.number: category for category in categories}
    requirements = Requirement.objects.bulk_create(
        Requirement(standard=standard, **(asdict(row) | {"category": by_number[row.category]}))
        for row in contents.requirements
    )
    by_code = {requirement.code: requirement for requirement in requirements}
    Clause.objects.bulk_create(
        Clause(**(asdict(row) | {"requirement": by_code[row.requirement]}))
        for row in contents.clauses
    )
    propose_mappings(standard)
