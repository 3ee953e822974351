"""Patterns that give a worker away: they must not stand in text that leaves the team."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

# Words that end in 様 or さん without naming anybody.
_HARMLESS = re.compile(
    r"(?:お客|皆|御客|みな|皆々|仕入先|取引先|業者|組合|お子|赤ちゃん|たく|沢山|じゅうぶん|模|仕|同|多|異|一|有|神|"
    r"王|殿|奥|何|各)$"
)
_NAMED = re.compile(r"([一-龠々ヶァ-ヴーぁ-ん]{1,8}?)(?:様|さん|氏)(?![々式子名])")
_PATTERNS = (
    (_("an e-mail address"), re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")),
    (_("a telephone number"), re.compile(r"(?<![\d.-])0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}(?!\d)")),
    (_("a telephone number"), re.compile(r"(?<!\d)0[789]0\d{8}(?!\d)")),
    (_("a residence card number"), re.compile(r"(?<![A-Z])[A-Z]{2}\d{8}[A-Z]{2}(?![A-Z])")),
)


def personal_data_in(text: str) -> list[tuple[str, str]]:
    """Return [(what it looks like, the passage)] for each suspicious passage of a text."""
    plain = unicodedata.normalize("NFKC", text)
    found = [
        (str(_("a person's name")), match.group(0))
        for match in _NAMED.finditer(plain)
        if not _HARMLESS.search(match.group(1))
    ]
    for label, pattern in _PATTERNS:
        found += [(str(label), match.group(0)) for match in pattern.finditer(plain)]
    return found
