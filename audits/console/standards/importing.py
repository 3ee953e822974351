"""Pages of the import: choose a workbook, look at what it changes, make a draft of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.console.access import status_of
from audits.console.standards.access import address_of, for_scheme_desk, trail
from audits.console.standards.comparing import comparison
from audits.forms.standards import NewVersionForm, UploadForm
from audits.standards.differences import differences
from audits.standards.headings import COLUMNS, SHEETS, WORDS
from audits.standards.models import Standard
from audits.standards.services.importing import look_into
from audits.standards.terms import StandardStatus
from suppliers.imports.problems import FileRefused
from suppliers.services.staging import read_staged
from ui.language import active_language
from ui.tables import as_csv

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest

# A page stays under 150 kB; the download has every problem.
PROBLEMS_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@for_scheme_desk
def choose(request: UserRequest) -> HttpResponse:
    """Upload a workbook of the standard; one that can be read leads to its preview."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, actor=request.user)
    if form.is_valid():
        base = form.cleaned_data["base"]
        address = reverse("console:standard_preview", args=[form.save()])
        return redirect(f"{address}?{urlencode({'base': base.version})}" if base else address)
    place = int(active_language() == "en")
    return render(
        request,
        "audits/console/standards/upload.html",
        {
            "form": form,
            "base": Standard.objects.visible_to(request.user)
            .exclude(status=StandardStatus.DRAFT)
            .first(),
            "sheets": [
                {
                    "name": SHEETS[sheet][place],
                    "columns": [
                        {
                            "heading": (column.ja, column.en)[place],
                            "other": (column.en, column.ja)[place],
                            "needed": column.needed,
                            "words": [str(label) for _value, label in WORDS[column.name].choices]
                            if column.name in WORDS
                            else [],
                        }
                        for column in columns
                    ],
                }
                for sheet, columns in COLUMNS.items()
            ],
            "trail": trail(),
        },
        status=status_of(form.errors),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_scheme_desk
def preview(request: UserRequest, key: str) -> HttpResponseBase:
    """Show what the file changes, word by word, with its problems; make a draft when confirmed."""
    visible = Standard.objects.visible_to(request.user).exclude(status=StandardStatus.DRAFT)
    base = visible.filter(version=request.GET.get("base", "")).first()
    content = read_staged(actor=request.user, key=key)
    if content is None:
        messages.info(
            request, _("This file became a draft already or is no longer kept. Upload it again.")
        )
        return redirect("console:import_standard")
    try:
        composed, old = look_into(actor=request.user, content=content, filename=key, base=base)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("console:import_standard")
    if "download" in request.GET:
        return as_csv(
            "orime-standard-problems.csv",
            [_("Sheet"), _("Row"), _("Column"), _("What to do")],
            ([row.file, row.row, row.column, str(row.reason)] for row in composed.problems),
        )
    sent = request.POST if request.method == "POST" else None
    form = NewVersionForm(sent, base=base)
    if form.is_valid() and (
        loaded := form.save(actor=request.user, composed=composed, base=base, key=key)
    ):
        messages.success(
            request,
            _("The draft %(version)s was made. Look at its mapping, then propose its activation.")
            % {"version": loaded.standard.version},
        )
        return redirect(address_of(loaded.standard))
    found = differences(
        old.requirements if old else (),
        composed.requirements,
        old.clauses if old else (),
        composed.clauses,
    )
    return render(
        request,
        "audits/console/standards/preview.html",
        {
            "form": form,
            "base": base,
            "composed": composed,
            "problems": composed.problems[:PROBLEMS_SHOWN],
            "more_problems": len(composed.problems) - PROBLEMS_SHOWN,
            **comparison(request, found, composed.categories),
            "trail": trail(),
        },
        status=status_of(form.errors),
    )
