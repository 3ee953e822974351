"""The mapping of a version's requirements to those of the version before it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext

from audits.console.access import form_page, status_of
from audits.console.standards.access import for_scheme_desk, trail, version_or_404
from audits.forms.standard_mapping import MappingForm
from audits.standards.terms import Relation

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.http import UserRequest

TONES = {Relation.UNCHANGED: "", Relation.REWORDED: "indigo", Relation.CHANGED: "amber"}


@for_scheme_desk
@form_page
def mapping(request: UserRequest, version: str) -> HttpResponse:
    """Show the mapping; change it while the version is a draft that nobody proposed."""
    standard = version_or_404(request, version)
    sent = request.POST if request.method == "POST" else None
    form = MappingForm(sent, standard=standard, actor=request.user)
    if form.is_valid() and (changed := form.save()) is not None:
        said = ngettext(
            "The mapping of %(count)d requirement was changed.",
            "The mapping of %(count)d requirements was changed.",
            changed,
        )
        messages.success(request, said % {"count": changed} if changed else _("Nothing changed."))
        return redirect("console:standard_mapping", version=version)
    counts = Counter(row.relation for row in form.mappings)
    return render(
        request,
        "audits/console/standards/mapping.html",
        {
            "standard": standard,
            "form": form,
            "editable": standard.is_draft
            and standard.proposed_by_id is None
            and bool(form.mappings),
            "counts": [
                (value, label, TONES.get(Relation(value), "moss"), counts[value])
                for value, label in Relation.choices
            ],
            "trail": trail(standard),
        },
        status=status_of(form.errors),
    )
