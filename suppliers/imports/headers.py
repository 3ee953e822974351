"""Which column of a sheet is which: headings in Japanese and English, in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from suppliers.imports.problems import FileRefused, shown
from ui.language import active_language, listed

LOOKED_THROUGH = 30  # rows in which the headings may stand: title rows come before them
MOST_COLUMNS = 100  # of a sheet; what stands further to the right is no list of ours

# The heading of our own template first, in Japanese and English; then what others write.
HEADINGS: dict[str, tuple[str, ...]] = {
    "corporate_number": (
        "法人番号", "Corporate number", "法人No", "法人ナンバー", "法人番号13桁", "corporate no",
        "corporate id", "company number", "houjin bangou", "hojin bango", "corporation number",
    ),
    "name_ja": (
        "事業者名", "Supplier name", "事業者", "事業者名称", "事業者名日本語", "会社名", "企業名",
        "法人名", "商号", "商号又は名称", "社名", "supplier", "supplier name japanese",
        "supplier name ja", "company", "company name", "name ja",
    ),
    "name_kana": (
        "事業者名カナ", "Supplier name (kana)", "事業者名フリガナ", "事業者名ふりがな",
        "事業者名かな", "事業者カナ", "会社名カナ", "会社名フリガナ", "フリガナ", "ふりがな",
        "カナ", "supplier kana", "name kana", "company name kana", "kana",
    ),
    "name_en": (
        "事業者名英語", "Supplier name (English)", "事業者名英字", "事業者名英文", "会社名英語",
        "英文社名", "supplier name en", "name en", "company name english",
    ),
    "site_ja": (
        "事業所名", "Site name", "事業所", "事業所名称", "事業所名日本語", "工場名", "工場",
        "事業場名", "site", "site name japanese", "site name ja", "factory", "factory name",
        "plant", "facility", "facility name",
    ),
    "site_en": (
        "事業所名英語", "Site name (English)", "事業所名英字", "事業所名英文", "工場名英語",
        "site name en", "factory name english",
    ),
    "prefecture": (
        "都道府県", "Prefecture", "都道府県名", "都道府県コード", "府県", "prefecture code",
        "pref",
    ),
    "address": (
        "所在地", "Address", "住所", "事業所所在地", "工場所在地", "事業所住所", "site address",
        "location",
    ),
    "processes": (
        "工程", "Processes", "工程名", "製造工程", "対象工程", "主な工程", "業種", "process",
        "production process", "production processes",
    ),
    "declared_workers": (
        "従業員数", "Workers", "従業員", "従業員数名", "従業員数人", "労働者数", "社員数", "人数",
        "従業者数", "number of workers", "number of employees", "employees", "headcount",
        "worker count", "total workers", "workers total", "no of workers", "no of employees",
    ),
    "established_on": (
        "設立日", "Established", "設立年月日", "設立", "創業日", "創業年月日", "設立年",
        "established on", "date established", "date of establishment", "establishment date",
        "founded", "founded on",
    ),
    "os_id": (
        "OS ID", "OS ID", "OSID", "Open Supply Hub ID", "OAR ID",
    ),
}  # fmt: skip
REQUIRED = ("name_ja", "site_ja")


def _key(heading: object) -> str:
    """Fold width, case, blanks, brackets, stars and underscores of a heading away."""
    text = unicodedata.normalize("NFKC", "" if heading is None else str(heading)).casefold()
    return re.sub(r"[\s\ufeff_\-.:*※★●■()\[\]{}【】「」〔〕/・\"'#]", "", text)


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of list: our name -> headings (ours first), and which must be there.

    Of each set in `either` one is enough. `most_rows` is a lower limit than that of every list.
    """

    headings: dict[str, tuple[str, ...]]
    required: tuple[str, ...]
    either: tuple[tuple[str, ...], ...] = ()
    most_rows: int | None = None

    def heading(self, column: str) -> str:
        """Return the heading of our template in the language that is active."""
        return self.headings[column][int(active_language() == "en")]

    @cached_property
    def by_heading(self) -> dict[str, str]:
        """Our column for every heading in its folded form."""
        return {
            _key(heading): column
            for column, headings in self.headings.items()
            for heading in headings
        }


SUPPLIERS = Columns(HEADINGS, REQUIRED, (("prefecture", "address"),))
_REMARKS = re.compile(r"(必須|任意|required|optional|mandatory)$|^(必須|任意|required|optional)")


def column_of(heading: object, columns: Columns = SUPPLIERS) -> str | None:
    """Return our name of the column that a heading means, or None."""
    if not isinstance(heading, str) or len(heading) > 200:
        return None
    key = _key(heading)
    bare = _key(re.sub(r"[(（\[【〔].*?[)）\]】〕]", "", heading))
    for form in (key, _REMARKS.sub("", key), bare, _REMARKS.sub("", bare)):
        if form in columns.by_heading:
            return columns.by_heading[form]
    return None


@dataclass(frozen=True)
class Headings:
    """Where the headings stand and which column holds what.

    `row` counts from 1; `places` maps our column to its index from 0 and `titles` to its heading
    as written; `unknown` lists headings that nothing is done with.
    """

    row: int
    places: dict[str, int]
    titles: dict[str, str]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]
    columns: Columns = SUPPLIERS

    def title(self, column: str) -> str:
        """The heading as it stands in the file, else the one of the template."""
        return self.titles.get(column) or self.columns.heading(column)

    @property
    def missing(self) -> tuple[str, ...]:
        """Template headings of the columns that must be there and are not."""
        lacking = [column for column in self.columns.required if column not in self.places]
        lacking += [one[0] for one in self.columns.either if not self.places.keys() & set(one)]
        return tuple(self.columns.heading(column) for column in lacking)


def find_headings(
    rows: Iterable[Sequence[object]], columns: Columns = SUPPLIERS
) -> Headings | None:
    """Return the first of the best heading rows among the first thirty rows, or None.

    A row needs two headings that are known: a title such as 事業者一覧 is never taken for one.
    """
    best: Headings | None = None
    for number, cells in enumerate(rows, start=1):
        if number > LOOKED_THROUGH:
            break
        found = _read(number, cells, columns)
        if len(found.places) >= 2 and (best is None or len(found.places) > len(best.places)):
            best = found
    return best


def _read(number: int, cells: Sequence[object], columns: Columns) -> Headings:
    places: dict[str, int] = {}
    titles: dict[str, str] = {}
    unknown: list[str] = []
    repeated: list[str] = []
    for index, cell in enumerate(cells):
        column = column_of(cell, columns)
        if column is None:
            if cell is not None and str(cell).strip():
                unknown.append(shown(cell))
        elif column in places:
            repeated.append(shown(cell))
        else:
            places[column] = index
            titles[column] = shown(cell)
    return Headings(number, places, titles, tuple(unknown), tuple(repeated), columns)


def check_headings(found: Headings | None, columns: Columns = SUPPLIERS) -> Headings:
    """Return the headings when every needed column is there once; raises FileRefused otherwise."""
    if found is None:
        raise FileRefused(
            _(
                "No row of headings was found. Put the headings %(headings)s "
                "above the data, in any order."
            )
            % {"headings": listed(columns.heading(column) for column in columns.headings)}
        )
    if found.missing:
        raise FileRefused(
            _("Columns are missing: %(columns)s. Add them to row %(row)d and try again.")
            % {"columns": listed(found.missing), "row": found.row},
            row=found.row,
            column=found.missing[0],
        )
    if found.repeated:
        raise FileRefused(
            _("The heading “%(heading)s” occurs twice. Remove or rename one of the columns.")
            % {"heading": found.repeated[0]},
            row=found.row,
            column=found.repeated[0],
        )
    return found
