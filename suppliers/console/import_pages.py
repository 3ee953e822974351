"""Pages that every import of a list has: choose a file, download an empty one, look, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from suppliers.console.import_forms import ImportConfirmForm, ImportUploadForm
from suppliers.imports import FileRefused
from suppliers.services.staging import read_staged
from ui.language import active_language
from ui.tables import as_csv, as_xlsx

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from suppliers.console.import_lists import ListImport
    from suppliers.imports import Parsed
    from suppliers.services.plans import Outcome

Row = TypeVar("Row")
ROWS_SHOWN = 20
CHANGES_SHOWN = 100
# A page stays under 150 kB; the download has every problem.
PROBLEMS_SHOWN = 200


def choose_page(request: UserRequest, kind: ListImport[Row]) -> HttpResponse:
    """Upload a list; a good one leads to its preview."""
    form = ImportUploadForm(*_sent(request), kind=kind)
    if form.is_valid():
        return redirect(kind.preview_url, key=form.save(actor=request.user))
    place = english()
    return render(
        request,
        kind.upload,
        {
            "form": form,
            "columns": [
                {
                    "heading": names[place],
                    "other": names[1 - place],
                    "required": name in kind.needed,
                }
                for name, names in kind.columns.headings.items()
            ],
            "trail": kind.trail(),
        },
        status=422 if form.errors else 200,
    )


def empty_list(kind: ListImport[Row]) -> HttpResponseBase:
    """Download an empty list with the headings and one made-up row to overwrite."""
    place = english()
    headings = kind.columns.headings
    return as_xlsx(
        kind.empty_list,
        [names[place] for names in headings.values()],
        [[kind.example.get(name, ("", ""))[place] for name in headings]],
    )


def preview_page(request: UserRequest, kind: ListImport[Row], key: str) -> HttpResponseBase:
    """Show what a list would do, with its errors; import it when confirmed."""
    parsed = _staged(request, kind, key)
    if parsed is None:
        return redirect(kind.choose_url)
    form = ImportConfirmForm(*_sent(request), kind=kind)
    if form.is_valid():
        try:
            outcome = form.save(actor=request.user, parsed=parsed, key=key)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if not outcome.stopped:
                messages.success(request, _done(outcome))
                return redirect(kind.done_url)
            form.add_error(None, _("Nothing was imported, because some rows have errors."))
    outcome = kind.look(actor=request.user, parsed=parsed)
    if "download" in request.GET:
        return as_csv(
            "orime-import-errors.csv",
            [_("Row"), _("Column"), _("Value"), _("Reason")],
            ([each.row, each.column, each.value, each.reason] for each in outcome.problems),
        )
    rows = _rows(kind, parsed, outcome)
    return render(
        request,
        kind.preview,
        {
            "form": form,
            "outcome": outcome,
            "bad_rows": len({each.row for each in outcome.problems}),
            "problems": outcome.problems[:PROBLEMS_SHOWN],
            "more_problems": len(outcome.problems) - PROBLEMS_SHOWN,
            "rows": rows,
            "total": len(parsed.rows),
            "warnings": parsed.warnings,
            "importable": outcome.created + outcome.updated,
            "choose_url": kind.choose_url,
            "trail": kind.trail(),
        },
        status=422 if form.errors else 200,
    )


def _rows(kind: ListImport[Row], parsed: Parsed[Row], outcome: Outcome) -> list[dict[str, Any]]:
    """Return the rows that are shown, with what is done: first those that change what is stored."""
    rows: list[Any] = sorted(parsed.rows, key=lambda row: _number(row) not in outcome.changed)
    most = max(ROWS_SHOWN, min(len(outcome.changed), CHANGES_SHOWN))
    return [{**kind.shown(row), "done": outcome.done.get(_number(row), "")} for row in rows[:most]]


def _number(row: Any) -> int:
    number: int = row.row
    return number


def english() -> int:
    """Return 1 when the reader reads English, else 0: the place in a pair ja, en."""
    return int(active_language() == "en")


def _sent(request: UserRequest) -> tuple[Any, Any]:
    """What a form is bound to; a POST without any field is still a POST."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _done(outcome: Outcome) -> str:
    return _("Imported: created %(created)d, updated %(updated)d, skipped %(skipped)d rows.") % {
        "created": outcome.created,
        "updated": outcome.updated,
        "skipped": outcome.skipped,
    }


def _staged(request: UserRequest, kind: ListImport[Row], key: str) -> Parsed[Row] | None:
    """Return the staged list, or None after telling why it cannot be shown."""
    content = read_staged(actor=request.user, key=key)
    if content is None:
        messages.info(
            request,
            _("This list was imported already or is no longer kept. Upload it again to be sure."),
        )
        return None
    try:
        return kind.read(content, key)
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return None
