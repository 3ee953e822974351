"""Reading a list of auditors: which column is which, and one auditor from each row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _, override

from accounts.terms import Locale
from audits.auditors.terms import Level
from suppliers.imports.dates import parse_date
from suppliers.imports.headers import Columns
from suppliers.imports.problems import BadValue, Problem, shown
from suppliers.imports.reading import Parsed, read_list, remarks
from suppliers.imports.values import clean_text, match_key, or_nothing, parse_name, plain_text
from suppliers.prefectures import parse_prefecture
from suppliers.terms import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import TextChoices

    from suppliers.imports.headers import Headings

COLUMNS = Columns(
    {
        "registration_number": (
            "登録番号", "Registration number", "監査員登録番号", "監査員番号", "registration no",
            "auditor number", "auditor id",
        ),
        "name": ("氏名", "Name", "監査員名", "監査員氏名", "監査員", "名前", "auditor", "auditor name"),
        "email": ("メールアドレス", "E-mail", "メール", "電子メール", "email", "email address"),
        "body": (
            "監査機関", "Audit body", "監査機関名", "所属", "所属機関", "事務所", "事務所名", "body",
            "office",
        ),
        "languages": ("対応言語", "Languages", "言語", "使用言語", "language"),
        "prefectures": (
            "対応都道府県", "Prefectures served", "都道府県", "対応地域", "対応府県", "prefectures",
            "prefecture",
        ),
        "level": ("資格区分", "Level", "区分", "監査員区分", "資格", "qualification"),
        "standard": ("監査基準", "Standard", "基準", "基準の版", "version", "standard version"),
        "trained": ("研修修了日", "Trained on", "研修日", "研修修了", "trained"),
        "examined": ("試験合格日", "Examined on", "試験日", "試験合格", "examined"),
        "witnessed": ("立会評価日", "Witnessed on", "立会評価", "立会日", "witnessed"),
        "qualified": ("資格取得日", "Qualified on", "資格付与日", "資格日", "qualified"),
        "ends_on": ("有効期限", "Valid until", "資格有効期限", "資格期限", "期限", "expires", "until"),
    },
    ("registration_number", "name", "email"),
    # All of it is written in one transaction; a secretariat has some hundreds of auditors.
    most_rows=2_000,
)  # fmt: skip
_SEPARATORS = re.compile(r"[、,;/・，；／\n]+")
T = TypeVar("T")


@dataclass(frozen=True)
class AuditorRow:
    """One auditor as a file tells; "", () and None mean that the file is silent about it."""

    row: int
    registration_number: str
    name: str
    email: str
    body: str = ""
    languages: tuple[str, ...] = ()
    prefectures: tuple[int, ...] = ()
    level: str = ""
    standard: str = ""
    steps: dict[str, date] = field(default_factory=dict)
    ends_on: date | None = None


def read_auditors(content: bytes, filename: str) -> Parsed[AuditorRow]:
    """Read a list of auditors from the bytes of an .xlsx or .csv file.

    Raises FileRefused when no rows can be read; nothing is ever raised for one bad row.
    """
    headings, rows = read_list(content, filename, COLUMNS)
    parsed: Parsed[AuditorRow] = Parsed(headings, warnings=remarks(headings))
    numbers: dict[str, int] = {}
    for number, values in rows:
        row, problems = _parse(number, values, headings)
        first = numbers.setdefault(match_key(row.registration_number), number)
        if first != number and not problems:
            problems = [
                Problem(
                    number,
                    headings.title("registration_number"),
                    row.registration_number,
                    _("This number stands already in row %(row)d. Remove one of the two rows.")
                    % {"row": first},
                )
            ]
        parsed.problems.extend(problems)
        if not problems:
            parsed.rows.append(row)
    return parsed


def _parse(
    number: int, values: Sequence[object], headings: Headings
) -> tuple[AuditorRow, list[Problem]]:
    problems: list[Problem] = []

    def read(column: str, parse: Callable[[object], T], empty: T) -> T:
        place = headings.places.get(column)
        value = values[place] if place is not None and place < len(values) else None
        if place is None:
            return empty
        try:
            return parse(value)
        except BadValue as bad:
            problems.append(Problem(number, headings.title(column), shown(value), str(bad)))
            return empty

    day = partial(parse_date, today=None)
    steps = {
        step: on
        for step in ("trained", "examined", "witnessed", "qualified")
        if (on := read(step, day, None)) is not None
    }
    row = AuditorRow(
        row=number,
        registration_number=read("registration_number", partial(parse_name, longest=20), ""),
        name=read("name", partial(parse_name, longest=100), ""),
        email=read("email", partial(parse_name, longest=254), ""),
        body=read("body", _text, ""),
        languages=read("languages", _languages, ()),
        prefectures=read("prefectures", _prefectures, ()),
        level=read("level", _level, ""),
        standard=read("standard", _text, ""),
        steps=steps,
        # A qualification may end in a day to come.
        ends_on=read("ends_on", partial(parse_date, today=date.max), None),
    )
    if (steps or row.ends_on) and not row.level and not problems:
        reason = _("The level is missing. Write 主任監査員, 監査員 or 監査員補.")
        problems.append(Problem(number, headings.title("level"), "", reason))
    return row, problems


def _text(value: object) -> str:
    return or_nothing(clean_text(value, longest=200))


def _parts(value: object) -> list[str]:
    text = or_nothing(plain_text(value))
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


@cache
def _words(terms: type[TextChoices]) -> dict[str, str]:
    """Return the terms by their codes and their labels in both languages."""
    found = {match_key(value): str(value) for value in terms.values}
    for locale in Locale.values:
        with override(locale):
            found |= {match_key(str(label)): str(value) for value, label in terms.choices}
    return found


def _languages(value: object) -> tuple[str, ...]:
    words = _words(Language)
    parts = _parts(value)
    unknown = [part for part in parts if match_key(part) not in words]
    if unknown:
        raise BadValue(
            _("“%(words)s” is not a language that is known here. Use 日本語, ベトナム語 or vi.")
            % {"words": "、".join(unknown)}
        )
    return tuple(sorted({words[match_key(part)] for part in parts}))


def _prefectures(value: object) -> tuple[int, ...]:
    codes = [(part, parse_prefecture(part)) for part in _parts(value)]
    unknown = [part for part, code in codes if code is None]
    if unknown:
        raise BadValue(
            _("“%(words)s” is not one of the 47 prefectures. Write 愛媛県, Ehime or 38.")
            % {"words": "、".join(unknown)}
        )
    return tuple(sorted({code for _part, code in codes if code is not None}))


def _level(value: object) -> str:
    text = _text(value)
    if not text:
        return ""
    found = _words(Level).get(match_key(text))
    if found is None:
        raise BadValue(_("This is not a level. Write 主任監査員, 監査員 or 監査員補."))
    return found
