"""Pages of the import of auditors: choose a list, look at it, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts import policies as accounts
from audits.auditors.imports import COLUMNS, read_auditors
from audits.auditors.services.importing import import_auditors, preview_auditors
from audits.auditors.terms import Level
from audits.console.access import for_desks, form_page
from suppliers.console.import_lists import ListImport
from suppliers.console.import_pages import choose_page, empty_list, preview_page
from suppliers.prefectures import prefecture_name
from suppliers.terms import Language

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from audits.auditors.imports import AuditorRow

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


def _shown(row: AuditorRow) -> dict[str, object]:
    return {
        "row": row,
        "languages": [Language(code).label for code in row.languages],
        "prefectures": [prefecture_name(code) for code in row.prefectures],
        "level": Level(row.level).label if row.level else "",
        "qualified": row.steps.get("qualified"),
    }


def _trail() -> list[dict[str, str]]:
    return [{"label": gettext("Auditors"), "url": reverse("console:auditors")}]


LIST = ListImport(
    columns=COLUMNS,
    needed=COLUMNS.required,
    example=EXAMPLE,
    empty_list="orime-auditors.xlsx",
    label=_("List of auditors"),
    help_text=_("An .xlsx or .csv file of up to 10 MB, one row for each auditor."),
    read=read_auditors,
    look=preview_auditors,
    run=import_auditors,
    shown=_shown,
    upload="audits/console/auditor_import.html",
    preview="audits/console/auditor_preview.html",
    choose_url="console:import_auditors",
    preview_url="console:auditor_preview",
    done_url="console:auditors",
    trail=_trail,
)


def _check(request: UserRequest) -> None:
    if not accounts.imports_suppliers(request.user):
        raise PermissionDenied


@for_desks
@form_page
def choose(request: UserRequest) -> HttpResponse:
    """Upload a list of auditors; a good one leads to its preview."""
    _check(request)
    return choose_page(request, LIST)


@require_GET
@for_desks
def template(request: UserRequest) -> HttpResponseBase:
    """Download an empty list with the headings and one made-up row to overwrite."""
    _check(request)
    return empty_list(LIST)


@for_desks
@form_page
def preview(request: UserRequest, key: str) -> HttpResponseBase:
    """Show what a list would do, with its errors; import it when confirmed."""
    _check(request)
    return preview_page(request, LIST, key)
