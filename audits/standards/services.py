"""Bringing a standard into the system and into force."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.policies import administers_scheme
from audits.standards.grading import GradingParameters, InvalidParametersError
from audits.standards.models import Category, Clause, Requirement, Standard
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
def load_catalogue(*, catalogue: Catalogue, actor: User | None = None) -> Loaded:
    """Bring a catalogue in as a draft, or replace the draft of that version.

    A version with the same contents is left alone. Raises `PermissionDenied` for an actor who does
    not administer the scheme (None is the operator's command line) and `ValidationError` when the
    version has been activated with other contents.
    """
    _require_administrator(actor)
    contents = catalogue.contents
    standard = Standard.objects.select_for_update().filter(version=contents.version).first()
    if standard is None:
        standard = Standard(version=contents.version)
        _write(standard, catalogue)
        return Loaded(standard, "created")
    if standard.is_draft:
        if standard.contents() == contents and standard.mandatory_from == catalogue.mandatory_from:
            return Loaded(standard, "unchanged")
        Clause.objects.filter(requirement__standard=standard).delete()
        Requirement.objects.filter(standard=standard).delete()
        Category.objects.filter(standard=standard).delete()
        _write(standard, catalogue)
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
def activate_standard(*, standard: Standard, actor: User | None = None) -> Standard:
    """Bring a draft into force; from here on its contents are immutable.

    Raises `PermissionDenied` for an actor who does not administer the scheme (None is the
    operator's command line) and `ValidationError` when it is not a complete draft.
    """
    _require_administrator(actor)
    standard = Standard.objects.select_for_update().get(pk=standard.pk)
    if not standard.is_draft:
        raise ValidationError(
            _("Version %(version)s has already been activated."),
            code="activated",
            params={"version": standard.version},
        )
    contents = standard.contents()
    _require_complete(contents)
    standard.status = StandardStatus.ACTIVE
    standard.content_hash = contents.fingerprint()
    standard.activated_at = timezone.now()
    standard.save()
    return standard


def _require_administrator(actor: User | None) -> None:
    if actor is not None and not administers_scheme(actor):
        raise PermissionDenied(
            _("Only an administrator or coordinator of the scheme owner may change the standard.")
        )


def _require_complete(contents: Contents) -> None:
    try:
        GradingParameters.from_data(contents.grading)
    except InvalidParametersError as error:
        raise ValidationError(
            _("The grading parameters are not valid. %(field)s: %(reason)s"),
            code="grading",
            params={"field": error.field, "reason": error.reason},
        ) from error
    if not contents.requirements:
        raise ValidationError(
            _("A standard without requirements cannot be activated."), code="incomplete"
        )
    without = {row.code for row in contents.requirements} - {
        row.requirement for row in contents.clauses
    }
    if without:
        raise ValidationError(
            _("These requirements have no clause: %(codes)s."),
            code="incomplete",
            params={
                "codes": ", ".join(row.code for row in contents.requirements if row.code in without)
            },
        )


def _write(standard: Standard, catalogue: Catalogue) -> None:
    contents = catalogue.contents
    standard.title_ja = contents.title_ja
    standard.title_en = contents.title_en
    standard.effective_on = contents.effective_on
    standard.mandatory_from = catalogue.mandatory_from
    standard.official = contents.official
    standard.grading = contents.grading
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
