"""Which documents an audit asks for: those its requirements name, with what was said of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from audits.models import Finding, RequestedDocument, SuppliedFile
from audits.standards.documents import Hint, NamedDocument, documents_in
from audits.standards.models import Category
from audits.terms import DocumentState, Judgement
from ui.language import localized

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from audits.models import Audit

TONES: dict[str, str] = {
    DocumentState.ASKED: "",
    DocumentState.FLAGGED: "red",
    DocumentState.SENT: "indigo",
    DocumentState.ON_SITE: "navy",
    DocumentState.NONE: "amber",
    DocumentState.ACCEPTED: "moss",
}
# What waits for the supplier, and what for the team.
SUPPLIERS_TURN = (DocumentState.ASKED, DocumentState.FLAGGED)
TEAMS_TURN = (DocumentState.SENT, DocumentState.NONE)


@dataclass(frozen=True)
class Item:
    """A document of the list: what the standard says of it, and what was said so far (or None)."""

    document: NamedDocument
    row: RequestedDocument | None
    asked: bool = False
    applied: bool = False

    @property
    def key(self) -> str:
        """Return the key of the document, which stands in addresses."""
        return self.document.key

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return self.document.name

    @property
    def codes(self) -> list[str]:
        """Return the codes of the requirements that the document serves."""
        return self.document.codes

    @property
    def state(self) -> DocumentState:
        """Return where the document stands."""
        return self.row.state if self.row else DocumentState.ASKED

    @property
    def tone(self) -> str:
        """Return the tone of the state."""
        return TONES[self.state]

    @property
    def files(self) -> list[SuppliedFile]:
        """Return the files that the reader may see, in the order in which they came."""
        return list(self.row.files.all()) if self.row else []


@dataclass(frozen=True)
class Section:
    """The documents of one category, or those that serve several, or those the team added."""

    key: str
    title: str
    items: list[Item]


class DocumentList:
    """The documents of one audit as a reader sees them; three queries, however long the list."""

    def __init__(self, audit: Audit, reader: User) -> None:
        self.audit = audit
        rows = (
            RequestedDocument.objects.visible_to(reader)
            .filter(audit=audit)
            .prefetch_related(
                Prefetch("files", SuppliedFile.objects.visible_to(reader).order_by("number"))
            )
        )
        known = {row.key: row for row in rows}
        named = documents_in(hints_of(audit))
        keys = {document.key for document in named}
        self.items = [Item(document, known.get(document.key)) for document in named]
        self.items += [
            Item(
                NamedDocument(row.key, row.name_ja, row.name_en, [(code, 0) for code in row.codes]),
                row,
                asked=not row.checklist,
                applied=bool(row.checklist),
            )
            for row in known.values()
            if row.key not in keys
        ]

    def get(self, key: str) -> Item | None:
        """Return the document with that key."""
        return next((item for item in self.items if item.key == key), None)

    def serving(self, code: str) -> list[Item]:
        """Return the documents that serve one requirement."""
        return [item for item in self.items if code in item.codes]

    @cached_property
    def counts(self) -> Counter[DocumentState]:
        """Return how many documents stand in each state."""
        return Counter(item.state for item in self.items)

    @property
    def suppliers_turn(self) -> int:
        """Return how many documents wait for the supplier."""
        return sum(self.counts[state] for state in SUPPLIERS_TURN)

    @property
    def teams_turn(self) -> int:
        """Return how many documents wait for the team."""
        return sum(self.counts[state] for state in TEAMS_TURN)

    @property
    def on_site(self) -> list[Item]:
        """Return what is to be seen during the visit."""
        return [item for item in self.items if item.state == DocumentState.ON_SITE]

    def sections(self, show: str = "") -> list[Section]:
        """Return the list in sections, all states or one; sections without documents are left out."""
        shown = [item for item in self.items if not show or item.state == show]
        sections = [
            Section("asked", _("Asked for by the audit team"), [row for row in shown if row.asked]),
            Section(
                "applied",
                _("Sent with the application"),
                [row for row in shown if row.applied],
            ),
            Section(
                "several",
                _("For several categories"),
                [row for row in shown if not row.asked and len(row.document.categories) > 1],
            ),
        ]
        for number, title in self._categories:
            sections.append(
                Section(
                    str(number),
                    f"{number} {title}",
                    [row for row in shown if not row.asked and row.document.categories == {number}],
                )
            )
        return [section for section in sections if section.items]

    @cached_property
    def _categories(self) -> list[tuple[int, str]]:
        rows = Category.objects.filter(standard=self.audit.standard_id).order_by("number")
        return [(row.number, localized(row, "name")) for row in rows]

    def next_waiting(self, after: str, states: Iterable[DocumentState]) -> Item | None:
        """Return the next document in one of the states, going round at the end."""
        wanted = set(states)
        place = next((n for n, item in enumerate(self.items) if item.key == after), 0)
        rest = self.items[place + 1 :] + self.items[:place]
        return next((item for item in rest if item.state in wanted), None)


def hints_of(audit: Audit) -> list[Hint]:
    """Return the hints of the requirements that apply to the site, by its profile."""
    rows = (
        Finding.objects.filter(audit=audit)
        .exclude(judgement=Judgement.NOT_APPLICABLE, preset=True)
        .order_by("requirement__order")
        .values_list(
            "requirement__code",
            "requirement__category__number",
            "requirement__evidence_hint_ja",
            "requirement__evidence_hint_en",
        )
    )
    return [Hint(*row) for row in rows]
