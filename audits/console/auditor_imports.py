"""Pages of the import of auditors: choose a list, look at it, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies as accounts
from audits.auditors.imports import COLUMNS, ParsedAuditors, read_auditors
from audits.auditors.services.importing import import_auditors
from audits.auditors.terms import Level
from audits.console.access import for_desks, form_page, status_of
from audits.forms.auditor_imports import AuditorConfirmForm, AuditorUploadForm
from suppliers.imports import FileRefused
from suppliers.prefectures import prefecture_name
from suppliers.services.staging import read_staged
from suppliers.terms import Language
from ui.language import active_language
from ui.tables import as_csv, as_xlsx

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from audits.auditors.imports import AuditorRow

ROWS_SHOWN = 20
# A page stays under 150 kB; the download has every problem.
PROBLEMS_SHOWN = 200
EXAMPLE = {
    "registration_number": ("JA-00000", "JA-00000"),
    "name": ("見本 花子", "Hanako Mihon"),
    "email": ("hanako@example.jp", "hanako@example.jp"),
    "body": ("見本監査機関", "Sample audit body"),
    "languages": ("日本語、ベトナム語", "Japanese, Vietnamese"),
    "prefectures": ("愛媛県、香川県", "Ehime, Kagawa"),
    "level": ("監査員", "auditor"),
    "trained": ("令和7年4月1日", "2025-04-01"),
    "examined": ("令和7年5月1日", "2025-05-01"),
    "witnessed": ("令和7年6月1日", "2025-06-01"),
    "qualified": ("令和7年7月1日", "2025-07-01"),
    "ends_on": ("令和10年6月30日", "2028-06-30"),
}


def _check(request: UserRequest) -> None:
    if not accounts.imports_suppliers(request.user):
        raise PermissionDenied


def _trail() -> list[dict[str, str]]:
    return [{"label": _("Auditors"), "url": reverse("console:auditors")}]


def _sent(request: UserRequest) -> tuple[Any, Any]:
    """What a form is bound to; a POST without any field is still a POST."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _place() -> int:
    """Return the place of the reader's language in a pair ja, en."""
    return int(active_language() == "en")


@for_desks
@form_page
def choose(request: UserRequest) -> HttpResponse:
    """Upload a list of auditors; a good one leads to its preview."""
    _check(request)
    form = AuditorUploadForm(*_sent(request))
    if form.is_valid():
        return redirect("console:auditor_preview", key=form.save(actor=request.user))
    place = _place()
    return render(
        request,
        "audits/console/auditor_import.html",
        {
            "form": form,
            "columns": [
                {
                    "heading": names[place],
                    "other": names[1 - place],
                    "required": name in COLUMNS.required,
                }
                for name, names in COLUMNS.headings.items()
            ],
            "trail": _trail(),
        },
        status=status_of(form.errors),
    )


@require_GET
@for_desks
def template(request: UserRequest) -> HttpResponseBase:
    """Download an empty list with the headings and one made-up row to overwrite."""
    _check(request)
    place = _place()
    return as_xlsx(
        "orime-auditors.xlsx",
        [names[place] for names in COLUMNS.headings.values()],
        [[EXAMPLE.get(name, ("", ""))[place] for name in COLUMNS.headings]],
    )


@for_desks
@form_page
def preview(request: UserRequest, key: str) -> HttpResponseBase:
    """Show what a list would do, with its errors; import it when confirmed."""
    _check(request)
    parsed = _staged(request, key)
    if parsed is None:
        return redirect("console:import_auditors")
    form = AuditorConfirmForm(*_sent(request))
    if form.is_valid():
        outcome = form.save(actor=request.user, parsed=parsed, key=key)
        if not outcome.stopped:
            messages.success(
                request,
                _("Imported: created %(created)d, updated %(updated)d, skipped %(skipped)d rows.")
                % {
                    "created": outcome.created,
                    "updated": outcome.updated,
                    "skipped": outcome.skipped,
                },
            )
            return redirect("console:auditors")
        form.add_error(None, _("Nothing was imported, because some rows have errors."))
    outcome = import_auditors(actor=request.user, parsed=parsed, only_look=True)
    if "download" in request.GET:
        return as_csv(
            "orime-import-errors.csv",
            [_("Row"), _("Column"), _("Value"), _("Reason")],
            ([each.row, each.column, each.value, each.reason] for each in outcome.problems),
        )
    return render(
        request,
        "audits/console/auditor_preview.html",
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
            "trail": _trail(),
        },
        status=status_of(form.errors),
    )


def _staged(request: UserRequest, key: str) -> ParsedAuditors | None:
    """Return the staged list, or None after telling why it cannot be shown."""
    content = read_staged(actor=request.user, key=key)
    if content is None:
        messages.info(
            request,
            _("This list was imported already or is no longer kept. Upload it again to be sure."),
        )
        return None
    try:
        return read_auditors(content, key)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return None


def _shown(row: AuditorRow) -> dict[str, object]:
    return {
        "row": row,
        "languages": [Language(code).label for code in row.languages],
        "prefectures": [prefecture_name(code) for code in row.prefectures],
        "level": Level(row.level).label if row.level else "",
        "qualified": row.steps.get("qualified"),
    }
