"""The trade's words for the steps of making cloth, and which of our seven processes they mean."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from suppliers.imports.problems import BadValue
from suppliers.imports.values import or_nothing, plain_text

WORDS: dict[str, str] = {
    "spinning": """
        紡績 紡糸 製糸 綿紡績 毛紡績 絹紡績 合繊紡績 合成繊維製造 化学繊維製造 spinning spinner
        yarn
    """,
    "twisting": """
        撚糸 ねん糸 より糸 仮撚 仮撚り 合撚 意匠撚糸 糸加工 twisting twister texturing throwing
    """,
    "weaving": """
        製織 織布 織物 織り 織 機織 はたおり 整経 経糸準備 サイジング 糊付 タオル製織 タオル
        weaving weaver woven
    """,
    "knitting": """
        編立 編み立て 編立て 編成 編み 編 編物 ニット ニット編立 メリヤス 丸編 丸編み 経編 経編み
        たて編
        横編 横編み よこ編 靴下 靴下編立 knitting knit knitted knitter
    """,
    "dyeing": """
        染色整理 染色 染め 染 整理 仕上 仕上げ 仕上整理 染色仕上 染色仕上げ 染色加工 糸染 先染
        先染め 後染
        後染め 反染 捺染 プリント 製品染め 漂白 精練 晒 晒し さらし 起毛 水洗加工 洗い加工
        dyeing dying dye dyer dyehouse finishing dyeingandfinishing dyeing&finishing printing
        bleaching washing
    """,
    "sewing": """
        縫製 縫製加工 縫い 裁断 裁断縫製 アパレル縫製 ミシン sewing sewn garment stitching
        cutandsew
        cutting making
    """,
    "other": """
        その他 他 其の他 そのた 刺繍 刺しゅう プレス 検品 検査 検針 出荷 倉庫 不織布 レース 組紐
        製紐 細幅
        フェルト 革 補修 製綿 梱包 other others etc embroidery inspection pressing packing
        nonwoven
    """,
}

_MEANING: dict[str, str] = {
    word: process for process, words in WORDS.items() for word in words.split()
}
_SEPARATORS = re.compile(r"[、,;/・|+\n\r\t，。]|->|→|及び|および")
_SUFFIXES = ("工程", "工場", "部門", "加工業", "加工", "製造業", "業", "process")


def parse_processes(value: object) -> tuple[str, ...]:
    """Return the processes of a cell in the order of making cloth, each once; () when empty.

    Several are separated by 、 , ; / ・ or a new line; blanks separate too where the whole is not
    itself a word of the trade. Raises BadValue naming the words that nobody knows.
    """
    raw = "" if value is None else str(value)
    if not or_nothing(plain_text(raw)):
        return ()
    text = unicodedata.normalize("NFKC", raw)
    text = re.sub(r"\([^()]*\)", "", text)
    found: set[str] = set()
    unknown: list[str] = []
    for part in _SEPARATORS.split(text):
        if not part.strip():
            continue
        whole = _meaning(part)
        pieces = [part] if whole else re.split(r"\s+|&|\band\b|と", part)
        for piece in filter(str.strip, pieces):
            meaning = _meaning(piece)
            if meaning:
                found.add(meaning)
            else:
                unknown.append(piece.strip())
    if unknown or not found:
        raise BadValue(
            _(
                "“%(words)s” is not a process that is known here. Use 紡績, 撚糸, 製織, 編立, "
                "染色整理, 縫製 or その他."
            )
            % {"words": "、".join(unknown) or plain_text(raw)}
        )
    return tuple(process for process in WORDS if process in found)


def _meaning(word: str) -> str | None:
    key = "".join(word.casefold().split()).replace("-", "")
    for suffix in ("", *_SUFFIXES):
        if key.endswith(suffix):
            found = _MEANING.get(key.removesuffix(suffix))
            if found:
                return found
    return None
