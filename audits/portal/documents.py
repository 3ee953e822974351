"""What the pages of both sides show of the documents of an audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from audits.services.document_list import TONES, DocumentList
from audits.standards.models import Requirement
from audits.terms import DocumentState

if TYPE_CHECKING:
    from accounts.http import UserRequest
    from audits.models import Audit
    from audits.services.document_list import Item


def documents_of(request: UserRequest, audit: Audit) -> DocumentList:
    """Return the documents as the reader sees them; 404 before the standard is pinned."""
    if audit.standard_id is None:
        raise Http404
    return DocumentList(audit, request.user)


def item_of(listed: DocumentList, key: str) -> Item:
    """Return one document of the list, or 404."""
    item = listed.get(key)
    if item is None:
        raise Http404
    return item


def list_context(request: UserRequest, listed: DocumentList) -> dict[str, Any]:
    """Return the sections as filtered by `?show=`, and how many documents stand in each state."""
    show = request.GET.get("show", "")
    show = show if show in DocumentState.values else ""
    return {
        "sections": listed.sections(show),
        "show": show,
        "total": len(listed.items),
        "counts": [
            (state.value, state.label, TONES[state], listed.counts[state])
            for state in DocumentState
        ],
    }


def requirements_of(audit: Audit, item: Item) -> list[Requirement]:
    """Return the requirements that a document serves, in the order of the standard."""
    rows = Requirement.objects.filter(standard=audit.standard_id, code__in=item.codes)
    return list(rows.order_by("order"))
