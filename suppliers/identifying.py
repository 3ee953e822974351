"""Words by which a text leads to a company or a site, over plain strings."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from suppliers.prefectures import prefecture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from suppliers.models import FormerName, Site, Supplier

# Of a longer name the first characters lead to the company as well: 竹田川 for 竹田川リボン.
BEGINNING = 3
# Fewer characters stand in any text.
SHORTEST = 2
_LEGAL = re.compile(
    r"(?:株式|有限|合同|合名|合資|相互)会社|(?:企業|事業)?協同組合|(?:一般|公益)?(?:社団|財団)法人|"
    r"\([株有同]\)|カブシキガイシャ|カブシキカイシャ|ユウゲンガイシャ|ユウゲンカイシャ|ゴウドウガイシャ|"
    r"\b(?:co|corp|corporation|company|inc|incorporated|ltd|limited|llc|k\.?k)\b\.?",
    re.IGNORECASE,
)
# What many sites are called; alone it leads to none of them.
_KIND_OF_SITE = re.compile(
    r"第?[0-9一二三四五六七八九十]*(?:本社|支社|本店|支店)?(?:工場|事業所|営業所|作業所|製作所|センター)"
    r"|\b(?:head office|factory|plant|mill|works|site|branch)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[^\W\d_都道府県市区町村郡]{1,6}[市区町村郡]")
_WORD = re.compile(r"[A-Za-z]{4,}")


def bare(text: str) -> str:
    """Return a text without width, case, blanks and marks, so that spellings of a name agree."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if one.isalnum())


def core(name: str) -> str:
    """Return a company's name without its legal form, bare."""
    return bare(_LEGAL.sub(" ", unicodedata.normalize("NFKC", name)))


def names_of(supplier: Supplier | FormerName) -> set[str]:
    """Return the names of a company without its legal form, bare."""
    return _long_enough(map(core, (supplier.name_ja, supplier.name_kana, supplier.name_en)))


def traces_of(site: Site) -> set[str]:
    """Return what leads to a site and its company: names and their beginnings, places, numbers; bare."""
    supplier = site.supplier
    names = names_of(supplier)
    found = names | {name[:BEGINNING] for name in names if not name.isascii()}
    found |= {bare(word) for word in _WORD.findall(_LEGAL.sub(" ", supplier.name_en))}
    for name in (site.name_ja, site.name_en):
        # A site that is called by its kind only is meant by that word in its own report.
        own = bare(_KIND_OF_SITE.sub(" ", unicodedata.normalize("NFKC", name)))
        found.add(bare(name) if not own or own.isdigit() else own)
    for place in (supplier, site):
        where = prefecture(place.prefecture)
        found |= {bare(where.ja), bare(where.en)}
    for address in (supplier.address, site.address):
        plain = unicodedata.normalize("NFKC", address)
        found.add(bare(re.split(r"\d", plain, maxsplit=1)[0]))
        found |= {bare(word) for pattern in (_PLACE, _WORD) for word in pattern.findall(plain)}
    found |= {supplier.corporate_number or "", bare(site.os_id)}
    return _long_enough(found)


def leads_to(text: str, traces: Iterable[str]) -> bool:
    """Say whether any of the traces stands in the text."""
    plain = bare(text)
    return any(trace in plain for trace in traces)


def _long_enough(names: Iterable[str]) -> set[str]:
    return {name for name in names if len(name) >= SHORTEST}
