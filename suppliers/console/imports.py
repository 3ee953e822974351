"""Pages of the import: choose a list, look at it, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import policies as accounts
from suppliers.console.import_forms import ImportConfirmForm, ImportUploadForm
from suppliers.imports import FileRefused, Parsed, read_suppliers
from suppliers.imports.headers import HEADINGS, REQUIRED
from suppliers.prefectures import prefecture_name
from suppliers.services.importing import preview_import
from suppliers.services.staging import read_staged
from suppliers.terms import Process
from ui.language import active_language
from ui.tables import as_csv, as_xlsx

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from suppliers.imports import SupplierRow

ROWS_SHOWN = 20
# A page stays under 150 kB; the download has every problem.
PROBLEMS_SHOWN = 200

NEEDED = (*REQUIRED, "prefecture")
EXAMPLE = {
    "name_ja": ("見本織物株式会社", "Sample Textile Co., Ltd."),
    "name_kana": ("ミホンオリモノ", "ミホンオリモノ"),
    "name_en": ("Sample Textile Co., Ltd.", "Sample Textile Co., Ltd."),
    "site_ja": ("本社工場", "Head mill"),
    "site_en": ("Head mill", "Head mill"),
    "prefecture": ("愛媛県", "Ehime"),
    "address": ("今治市見本町1-1", "1-1 Mihon-cho, Imabari"),
    "processes": ("製織、染色整理", "weaving, dyeing and finishing"),
    "declared_workers": ("46", "46"),
    "established_on": ("昭和60年4月1日", "1985-04-01"),
}


def _check(request: UserRequest) -> None:
    if not accounts.imports_suppliers(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def choose_list(request: UserRequest) -> HttpResponse:
    """Upload a list of suppliers; a good one leads to its preview."""
    _check(request)
    form = ImportUploadForm(*_sent(request))
    if form.is_valid():
        return redirect("console:import_preview", key=form.save(actor=request.user))
    columns = [
        {"heading": names[english()], "other": names[1 - english()], "required": name in NEEDED}
        for name, names in HEADINGS.items()
    ]
    return render(
        request,
        "suppliers/console/import_upload.html",
        {"form": form, "columns": columns},
        status=422 if form.errors else 200,
    )


def _sent(request: UserRequest) -> tuple[Any, Any]:
    """What a form is bound to; a POST without any field is still a POST."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def english() -> int:
    """Return 1 when the reader reads English, else 0: the place in a pair ja, en."""
    return int(active_language() == "en")


@require_GET
def import_template(request: UserRequest) -> HttpResponseBase:
    """Download an empty list with the headings and one made-up row to overwrite."""
    _check(request)
    place = english()
    return as_xlsx(
        "orime-suppliers.xlsx",
        [names[place] for names in HEADINGS.values()],
        [[EXAMPLE.get(name, ("", ""))[place] for name in HEADINGS]],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: UserRequest, key: str) -> HttpResponseBase:
    """Show what a list would do, with its errors; import it when confirmed."""
    _check(request)
    parsed = _staged(request, key)
    if parsed is None:
        return redirect("console:import_suppliers")
    form = ImportConfirmForm(*_sent(request))
    if form.is_valid():
        try:
            outcome = form.save(actor=request.user, parsed=parsed, key=key)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if not outcome.stopped:
                messages.success(
                    request,
                    _(
                        "Imported: created %(created)d, updated %(updated)d, skipped %(skipped)d rows."
                    )
                    % {
                        "created": outcome.created,
                        "updated": outcome.updated,
                        "skipped": outcome.skipped,
                    },
                )
                return redirect("console:import_suppliers")
            form.add_error(None, _("Nothing was imported, because some rows have errors."))
    outcome = preview_import(actor=request.user, parsed=parsed)
    if "download" in request.GET:
        return as_csv(
            "orime-import-errors.csv",
            [_("Row"), _("Column"), _("Value"), _("Reason")],
            ([each.row, each.column, each.value, each.reason] for each in outcome.problems),
        )
    return render(
        request,
        "suppliers/console/import_preview.html",
        {
            "form": form,
            "outcome": outcome,
            "bad_rows": len({each.row for each in outcome.problems}),
            "problems": outcome.problems[:PROBLEMS_SHOWN],
            "more_problems": len(outcome.problems) - PROBLEMS_SHOWN,
            "rows": [_shown(row) for row in parsed.rows[:ROWS_SHOWN]],
            "total": len(parsed.rows),
            "warnings": parsed.warnings,
            "importable": outcome.created + outcome.updated,
        },
        status=422 if form.errors else 200,
    )


def _staged(request: UserRequest, key: str) -> Parsed | None:
    """Return the staged list, or None after telling why it cannot be shown."""
    content = read_staged(actor=request.user, key=key)
    if content is None:
        messages.info(
            request,
            _("This list was imported already or is no longer kept. Upload it again to be sure."),
        )
        return None
    try:
        return read_suppliers(content, key)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return None


def _shown(row: SupplierRow) -> dict[str, object]:
    return {
        "row": row,
        "prefecture": prefecture_name(row.prefecture),
        "processes": [Process(code).label for code in row.processes],
    }
