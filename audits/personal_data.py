"""Patterns that give a worker away: they must not stand in text that leaves the team."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = _("a person's name")

# Words that end in 様, さん or 氏 without naming anybody.
_HARMLESS = re.compile(
    r"(?:お客|皆|御客|みな|皆々|仕入先|取引先|業者|組合|お子|子ども|子供|赤ちゃん|たく|沢山|じゅうぶん|模|仕|同|多|異|一|有|神|"
    r"王|殿|奥|何|各|摂|華|この|その|あの|どの|左|父|母|兄|姉|社長|工場長|職人|実習生|従業員|労働者)$"
)
# 挟んだ and 嵩んだ in syllables are no names either.
_VERB = re.compile(r"(?:は|か|挟|嵩)さん[だで]")
# A name is a run of one script: 作業者の田中さん names 田中.
_NAMED = re.compile(
    r"([一-龠々ヶ]{1,8}?|[ァ-ヴー]{1,12}?|[ぁ-ん]{1,8}?) ?(?:様|さん|氏)(?![々式子名相態変])"
)
_LATIN = re.compile(r"(?<![A-Za-z])[A-Za-z][A-Za-z'-]{1,30} ?(?:様|さん|氏)(?![々式子名相態変])")
_TITLED = re.compile(r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Mx|Miss)(?:\. ?| )[A-Z][A-Za-z'-]+")
# What people write between the groups of a number once widths are the same.
_DASH = "[-‐-―−ー]"
_GAP = rf"(?:{_DASH}| )"
_DOMESTIC = re.compile(
    rf"(?<![\d.])(?<!\d{_DASH})(?:\(0\d{{1,4}}\) ?|0\d{{1,4}}(?:{_GAP}|\())"
    rf"\d{{1,4}}(?:{_GAP}|\))\d{{3,4}}(?!\d)"
)
_PATTERNS = (
    (NAME, _LATIN),
    (NAME, _TITLED),
    (
        _("an e-mail address"),
        re.compile(r"[A-Za-z0-9_.+%-]+ ?@ ?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    ),
    (_("a telephone number"), _DOMESTIC),
    (_("a telephone number"), re.compile(r"(?<!\d)0[5789]0\d{8}(?!\d)")),
    (_("a telephone number"), re.compile(rf"\+81{_GAP}?\(?\d(?:{_GAP}?\)?\d){{8,10}}(?!\d)")),
    (
        _("a residence card number"),
        re.compile(rf"(?<![A-Za-z])[A-Za-z]{{2}}{_GAP}?\d{{8}}{_GAP}?[A-Za-z]{{2}}(?![A-Za-z])"),
    ),
)


def refuse_personal_data(text: str) -> None:
    """Raise ValidationError with a sentence for each passage that could name a worker."""
    refuse_passages(personal_data_in(text))


def refuse_passages(found: Sequence[tuple[str, str]]) -> None:
    """Raise ValidationError with a sentence for each of the passages, as `personal_data_in` gives them."""
    if found:
        raise ValidationError(
            [
                ValidationError(
                    _(
                        "“%(passage)s” looks like %(label)s. Take it out: no worker may be "
                        "identifiable."
                    ),
                    params={"passage": passage, "label": label},
                    code="personal_data",
                )
                for label, passage in found
            ]
        )


def personal_data_in(text: str) -> list[tuple[str, str]]:
    """Return [(what it looks like, the passage)] for each suspicious passage of a text."""
    plain = unicodedata.normalize("NFKC", text)
    verbs = {match.start() for match in _VERB.finditer(plain)}
    found = [
        (str(NAME), match.group(0))
        for match in _NAMED.finditer(plain)
        if not _HARMLESS.search(plain, 0, match.end(1)) and match.end(1) - 1 not in verbs
    ]
    for label, pattern in _PATTERNS:
        found += [
            (str(label), match.group(0))
            for match in pattern.finditer(plain)
            # A day such as 03-12-2026 is no telephone number: those have ten or eleven digits.
            if pattern is not _DOMESTIC or sum(map(str.isdigit, match.group(0))) in (10, 11)
        ]
    return found
