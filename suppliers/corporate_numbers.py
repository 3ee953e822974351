"""The Japanese corporate number (法人番号): thirteen digits, the first checking the others."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u30fc]")


def check_digit(base: str) -> int:
    """Return the check digit (1 to 9) of the twelve digits of a base number.

    Source: 法人番号の指定等に関する省令 第2条: 9 - (sum of P_n * Q_n) mod 9, where P_n is the n-th
    digit counted from the lowest and Q_n is 1 for an odd n and 2 for an even n.
    Raises ValueError when `base` is not twelve ASCII digits.
    """
    if not re.fullmatch(r"[0-9]{12}", base):
        msg = "a base number has twelve digits"
        raise ValueError(msg)
    weighted = sum(
        int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(base), start=1)
    )
    return 9 - weighted % 9


def make_corporate_number(base: str) -> str:
    """Put the check digit before twelve digits; for demonstration data and tests."""
    return f"{check_digit(base)}{base}"


def is_corporate_number(number: str) -> bool:
    """Say whether a string is thirteen ASCII digits with the right check digit."""
    return bool(re.fullmatch(r"[0-9]{13}", number)) and check_digit(number[1:]) == int(number[0])


def normalise_corporate_number(text: str) -> str:
    """Bring what people type to plain digits, as far as possible; does not verify.

    Full-width digits become half-width; spaces, hyphens and the T that an invoice registration
    number (適格請求書発行事業者登録番号) puts before the same digits are removed.
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return plain[1:] if re.fullmatch(r"T[0-9]{13}", plain) else plain


def validate_corporate_number(number: str) -> None:
    """Validator of model fields: raises ValidationError unless the number and its check fit."""
    if not re.fullmatch(r"[0-9]{13}", number):
        raise ValidationError(_("A corporate number has 13 digits. Write all 13."))
    if not is_corporate_number(number):
        raise ValidationError(
            _(
                "The check digit (the first of the 13 digits) does not fit the others. "
                "Compare the number with the National Tax Agency's publication site."
            )
        )
