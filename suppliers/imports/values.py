"""From one cell of a spreadsheet to one clean value: names, numbers, prefectures."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import jaconv
from django.utils.translation import gettext as _

from suppliers.corporate_numbers import is_corporate_number, normalise_corporate_number
from suppliers.imports.problems import BadValue
from suppliers.prefectures import parse_prefecture, prefecture_of_address

MOST_WORKERS = 100_000

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_NOTHING = {
    "", "-", "--", "‐", "–", "—", "―", "−", "ー", "*", "/", "なし", "無し", "無", "ナシ", "不明",
    "未定", "未登録", "該当なし", "n/a", "na", "none", "null", "nil", "unknown",
}  # fmt: skip
_EXCEL_ERRORS = {
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
}  # fmt: skip
_KANA = re.compile(r"[ァ-ヺーヽヾ・･0-9A-Za-z&.,'’()\- ]+")
_UNIT = re.compile(r"(名様?|人|persons?|people|workers?|employees?)$", re.IGNORECASE)


def clean_text(value: object, *, longest: int = 0) -> str:
    """Return a cell as one tidy line of text; "" when it is empty.

    Half-width kana become full-width, full-width letters, digits and spaces half-width, every
    run of white space one space; kanji are left exactly as written. Raises BadValue for the error
    values of Excel and for a text longer than `longest` characters (0: no limit).
    """
    text = plain_text(value)
    if text in _EXCEL_ERRORS:
        raise BadValue(_("The cell holds an error of the spreadsheet. Mend the formula."))
    wide = jaconv.h2z(text, kana=True, ascii=False, digit=False)
    line = " ".join(jaconv.z2h(wide, kana=False, ascii=True, digit=True).split())
    if longest and len(line) > longest:
        raise BadValue(
            _("The text has %(length)d characters; write at most %(longest)d.")
            % {"length": len(line), "longest": longest}
        )
    return line


def plain_text(value: object) -> str:
    """Return a cell as text as it is, without characters that nobody can see."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "".join(
        (" " if char in "\t\r\n\v\f" else "")
        if unicodedata.category(char) in _INVISIBLE
        else (" " if char.isspace() else char)
        for char in str(value)
    ).strip()


def or_nothing(text: str) -> str:
    """Return "" for what people write into a cell that has no answer (-, なし, N/A)."""
    return "" if unicodedata.normalize("NFKC", text).casefold() in _NOTHING else text


def match_key(name: str) -> str:
    """Return the form of a name under which two spellings are the same name."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def parse_name(value: object, *, longest: int) -> str:
    """Return a name that must be there."""
    name = clean_text(value, longest=longest)
    if not or_nothing(name):
        raise BadValue(_("The cell is empty. Write the name."))
    return name


def parse_kana(value: object, *, longest: int) -> str:
    """Return a reading in full-width katakana (hiragana and half-width kana are converted)."""
    text = jaconv.hira2kata(or_nothing(clean_text(value, longest=longest)))
    if text and not _KANA.fullmatch(text):
        raise BadValue(_("The reading holds other characters than kana. Write it in katakana."))
    return text


def parse_corporate_number(value: object) -> str | None:
    """Return thirteen digits whose check digit is right, or None when there is no number."""
    if isinstance(value, bool):
        raise BadValue(_("A corporate number has 13 digits. Write all 13."))
    text = plain_text(value)
    number = normalise_corporate_number(text)
    if not or_nothing(text) or not number:
        return None
    if re.fullmatch(r"[0-9]+\.0+|[0-9]+(\.[0-9]*)?E\+?[0-9]{1,2}", number):
        number = _whole(number)
    if not re.fullmatch(r"[0-9]{13}", number):
        raise BadValue(_("A corporate number has 13 digits. Write all 13."))
    if not is_corporate_number(number):
        raise BadValue(
            _(
                "The check digit (the first of the 13 digits) does not fit the others. "
                "Compare the number with the National Tax Agency's publication site."
            )
        )
    return number


def _whole(number: str) -> str:
    """Return the digits of 1.234567890123E+12, and refuse 1.23457E+12, whose end is lost."""
    mantissa = number.partition("E")[0].replace(".", "")
    if "E" in number and len(mantissa) < 13:
        raise BadValue(
            _(
                "The spreadsheet shortened the number and lost its last digits. "
                "Format the column as text and write all 13 digits."
            )
        )
    try:
        return str(int(Decimal(number)))
    except (InvalidOperation, ValueError, OverflowError):
        return number


def parse_count(value: object) -> int | None:
    """Return a number of people (0 to 100,000), or None when the cell has no answer."""
    if isinstance(value, bool | date):
        raise BadValue(_("This is not a number of people. Write a whole number such as 46."))
    text = or_nothing(unicodedata.normalize("NFKC", plain_text(value)))
    if not text:
        return None
    bare = _UNIT.sub("", "".join(text.split()))
    if not re.fullmatch(r"[0-9]+(\.0*)?|[0-9]{1,3}([,'][0-9]{3})+(\.0*)?", bare):
        raise BadValue(_("This is not a number of people. Write a whole number such as 46."))
    digits = re.sub(r"[,']|\.0*$", "", bare)
    if len(digits) > 9 or int(digits) > MOST_WORKERS:
        raise BadValue(
            _("A site of more than %(most)d people is not plausible. Check the number.")
            % {"most": MOST_WORKERS}
        )
    return int(digits)


def parse_site_prefecture(value: object, address: str) -> int:
    """Return the JIS code of a prefecture; an empty cell is filled from a Japanese address."""
    text = plain_text(value)
    told = prefecture_of_address(address)
    if not or_nothing(text):
        if told is None:
            raise BadValue(
                _("The prefecture is missing. Write it, for example 愛媛県, Ehime or 38.")
            )
        return told
    code = parse_prefecture(value)
    if code is None:
        raise BadValue(
            _("This is not one of the 47 prefectures. Write it, for example 愛媛県, Ehime or 38.")
        )
    if told is not None and told != code:
        raise BadValue(
            _("The prefecture and the address name different prefectures. Mend one of them.")
        )
    return code
