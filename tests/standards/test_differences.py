"""What differs between two versions, and which requirement follows which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from audits.standards.differences import Piece, between, pieces
from audits.standards.matching import match_requirements
from audits.standards.terms import Relation

if TYPE_CHECKING:
    from audits.standards.catalogue import Catalogue
    from audits.standards.contents import Contents


def changed(contents: Contents, code: str, /, **fields: Any) -> Contents:
    rows = tuple(
        replace(row, **fields) if row.code == code else row for row in contents.requirements
    )
    return replace(contents, requirements=rows)


def relations(old: Contents, new: Contents) -> dict[str, tuple[str, str]]:
    return {row.code: (row.relation, row.previous) for row in match_requirements(old, new)}


def test_pieces_show_words_that_came_in_and_went() -> None:
    assert pieces("避難口を施錠しない。", "避難口を常に施錠しない。") == (
        Piece("same", "避難口を"),
        Piece("ins", "常に"),
        Piece("same", "施錠しない。"),
    )
    assert pieces("No locked exits.", "No blocked exits.") == (
        Piece("same", "No "),
        Piece("del", "locked"),
        Piece("ins", "blocked"),
        Piece("same", " exits."),
    )
    assert pieces("", "新") == (Piece("ins", "新"),)
    assert pieces("同じ", "同じ") == (Piece("same", "同じ"),)


@pytest.mark.parametrize(
    ("old", "new"), [("あいうえお", "かいきえく"), ("a b c", "a x c"), ("寮の規則", "規則")]
)
def test_pieces_give_both_texts_back(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != "ins") == old
    assert "".join(piece.text for piece in found if piece.kind != "del") == new


def test_differences_of_requirements_and_clauses(shipped: Catalogue) -> None:
    old = shipped.contents
    new = changed(old, "5-7", text_ja="別の文言。", severity="minor")
    clause = old.clauses[0]
    new = replace(
        new,
        requirements=new.requirements[:-1],
        clauses=(replace(clause, text_ja="別の細目。"), *old.clauses[1:]),
    )
    found = {row.code: row for row in between(old, new) if row.kind != "same"}
    assert {code: row.kind for code, row in found.items()} == {
        "1-1": "changed",
        "5-7": "changed",
        "9-6": "dropped",
    }
    assert [change.name for change in found["5-7"].texts] == ["text_ja"]
    assert [change.new for change in found["5-7"].facts] == ["minor"]
    assert [change.name for change in found["1-1"].clauses] == ["1-1a"]
    assert {row.kind for row in between(None, old)} == {"added"}


def test_same_requirements_are_unchanged(shipped: Catalogue) -> None:
    found = relations(shipped.contents, shipped.contents)
    assert len(found) == 84
    assert all(row == (Relation.UNCHANGED, code) for code, row in found.items())


def test_relations_by_what_changed(shipped: Catalogue) -> None:
    old = shipped.contents
    text = next(row.text_ja for row in old.requirements if row.code == "5-7")
    for fields, relation in (
        ({"text_ja": text.replace("。", "、", 1)}, Relation.UNCHANGED),
        ({"text_ja": f"{text}等"}, Relation.REWORDED),
        ({"text_ja": "まったく別の文言"}, Relation.CHANGED),
        ({"severity": "minor"}, Relation.CHANGED),
        ({"condition": "minors"}, Relation.CHANGED),
        ({"title_en": "Other", "text_en": "Other"}, Relation.UNCHANGED),
    ):
        found = relations(old, changed(old, "5-7", **fields))
        assert found["5-7"] == (relation, "5-7"), fields


def test_a_renumbered_requirement_is_found_and_a_new_one_is_new(shipped: Catalogue) -> None:
    old = shipped.contents
    moved = changed(old, "9-6", code="9-7")
    moved = replace(
        moved,
        clauses=tuple(
            replace(row, requirement="9-7", code=row.code.replace("9-6", "9-7"))
            if row.requirement == "9-6"
            else row
            for row in moved.clauses
        ),
    )
    assert relations(old, moved)["9-7"] == (Relation.UNCHANGED, "9-6")
    new = replace(old.requirements[0], code="9-7", text_ja="新しく求めること")
    more = replace(old, requirements=(*old.requirements, new))
    assert relations(old, more)["9-7"] == (Relation.NEW, "")
