"""Pages of the import of suppliers: choose a list, look at it, confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import policies as accounts
from suppliers.console.import_lists import ListImport
from suppliers.console.import_pages import choose_page, empty_list, preview_page
from suppliers.imports import read_suppliers
from suppliers.imports.headers import REQUIRED, SUPPLIERS
from suppliers.prefectures import prefecture_name
from suppliers.services.importing import import_suppliers, preview_import
from suppliers.terms import Process

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from suppliers.imports import SupplierRow

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


def _shown(row: SupplierRow) -> dict[str, object]:
    return {
        "row": row,
        "prefecture": prefecture_name(row.prefecture),
        "processes": [Process(code).label for code in row.processes],
    }


LIST = ListImport(
    columns=SUPPLIERS,
    needed=(*REQUIRED, "prefecture"),
    example=EXAMPLE,
    empty_list="orime-suppliers.xlsx",
    label=_("List of suppliers and sites"),
    help_text=_("An .xlsx or .csv file of up to 10 MB and 20,000 rows, one row for each site."),
    read=read_suppliers,
    look=preview_import,
    run=import_suppliers,
    shown=_shown,
    upload="suppliers/console/import_upload.html",
    preview="suppliers/console/import_preview.html",
    choose_url="console:import_suppliers",
    preview_url="console:import_preview",
    done_url="console:import_suppliers",
)


def _check(request: UserRequest) -> None:
    if not accounts.imports_suppliers(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def choose_list(request: UserRequest) -> HttpResponse:
    """Upload a list of suppliers; a good one leads to its preview."""
    _check(request)
    return choose_page(request, LIST)


@require_GET
def import_template(request: UserRequest) -> HttpResponseBase:
    """Download an empty list with the headings and one made-up row to overwrite."""
    _check(request)
    return empty_list(LIST)


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: UserRequest, key: str) -> HttpResponseBase:
    """Show what a list would do, with its errors; import it when confirmed."""
    _check(request)
    return preview_page(request, LIST, key)
