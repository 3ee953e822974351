"""The change-over to a version, looked at before it is activated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audits.console.standards.access import for_scheme_desk, trail, version_or_404
from audits.services.changeover import look_ahead
from ui.downloads import download
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from audits.services.changeover import AuditLine, ChangeOver, Passage, ResultLine
    from ui.tables import Value

# As many places at a time are read for a download.
CHUNK = 500


@require_GET
@for_scheme_desk
def change_over(request: UserRequest, version: str) -> HttpResponseBase:
    """Show which audits and results a version concerns, what carries over and who is to be told."""
    standard = version_or_404(request, version)
    ahead = look_ahead(actor=request.user, standard=standard)
    name = f"orime-change-over-{standard.version}"
    if sent := download(request, name, _header(), lambda: _rows(ahead)):
        return sent
    what = "results" if request.GET.get("what") == "results" else "audits"
    page = paginate(request, ahead.results if what == "results" else ahead.audits)
    places = list(page.object_list)
    return render(
        request,
        "audits/console/standards/change_over.html",
        {
            "standard": ahead.standard,
            "is_draft": standard.is_draft,
            "counts": ahead.counts,
            "own": ahead.own,
            "what": what,
            "page": page,
            "audits": ahead.audit_lines(places) if what == "audits" else [],
            "results": ahead.result_lines(places) if what == "results" else [],
            "trail": trail(standard),
        },
    )


def _header() -> list[str]:
    return [
        _("Kind"),
        _("Number"),
        _("Supplier"),
        _("Site"),
        _("Audit body"),
        _("State"),
        _("Day of the visit or renewal"),
        _("Version now"),
        _("Version then"),
        _("Changes over"),
        _("Unchanged requirements"),
        _("Changed requirements"),
        _("New requirements"),
        _("Dropped requirements"),
        _("Judgements that stay"),
        _("To be told"),
    ]


def _rows(ahead: ChangeOver) -> Iterator[list[Value]]:
    for start in range(0, len(ahead.audits), CHUNK):
        for audit in ahead.audit_lines(ahead.audits[start : start + CHUNK]):
            yield _audit(audit)
    for start in range(0, len(ahead.results), CHUNK):
        for result in ahead.result_lines(ahead.results[start : start + CHUNK]):
            yield _result(result)


def _audit(line: AuditLine) -> list[Value]:
    audit, place = line.audit, line.place
    return [
        _("Audit"),
        audit.number,
        audit.site.supplier.name,
        audit.site.name,
        audit.body.name if audit.body else "",
        audit.get_status_display(),
        place.day,
        str(place.now) if place.now else "",
        str(place.then) if place.then else "",
        place.moves,
        *_counts(line.passage),
        line.answered,
        _("Audit body and supplier") if place.moves else "",
    ]


def _result(line: ResultLine) -> list[Value]:
    result, place = line.result, line.place
    audit = result.audit
    return [
        _("Result"),
        result.number,
        audit.site.supplier.name,
        audit.site.name,
        audit.body.name if audit.body else "",
        result.get_status_display(),
        place.day,
        str(place.now) if place.now else "",
        str(place.then) if place.then else "",
        place.moves,
        *_counts(line.passage),
        None,
        _("Supplier") if place.moves else "",
    ]


def _counts(passage: Passage | None) -> list[Value]:
    if passage is None:
        return [None, None, None, None]
    return [
        len(passage.unchanged),
        len(passage.changed),
        len(passage.new),
        len(passage.dropped),
    ]
