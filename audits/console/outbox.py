"""The outbox: every letter to a person with what became of its e-mail, and those to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.letters import LETTERS
from accounts.models import Notice
from accounts.models.notices import MAIL_STATES
from accounts.services.outbox import to_retry, try_again
from audits.console.access import for_letters
from audits.filters import OutboxFilter
from audits.models import Audit
from ui.downloads import download, in_batches
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse, HttpResponseBase

    from accounts.http import UserRequest
    from accounts.models.notices import NoticeQuerySet
    from ui.tables import Value

TONES = {"sent": "moss", "given_up": "red", "again": "amber"}


def _overseen(request: UserRequest) -> NoticeQuerySet:
    """Return the letters that the reader looks after; not their text, which not everybody may read."""
    rows = Notice.objects.overseen_by(request.user).select_related("recipient")
    return rows.defer("body").order_by("-created_at", "-pk")


@require_GET
@for_letters
def outbox(request: UserRequest) -> HttpResponseBase:
    """List letters, newest first: to whom, which, and what became of the e-mail; or download them."""
    chosen = OutboxFilter(request.GET, _overseen(request), request=request)
    if sent := download(request, "orime-outbox", _header(), lambda: _rows(chosen.qs)):
        return sent
    page = paginate(request, chosen.qs)
    return render(
        request,
        "audits/console/outbox.html",
        {
            "filter": chosen,
            "page": page,
            "rows": [_row(notice) for notice in page.object_list],
            "to_retry": to_retry(chosen.qs).count(),
        },
    )


def _row(notice: Notice) -> dict[str, object]:
    state = notice.mail_state
    kind = LETTERS.get(notice.kind)
    return {
        "notice": notice,
        "kind": kind.title if kind else "",
        "state": state,
        "label": MAIL_STATES[state],
        "tone": TONES.get(state, ""),
    }


def _header() -> list[str]:
    return [
        _("Written at"),
        _("To whom"),
        _("E-mail address"),
        _("Code"),
        _("Audit"),
        _("Subject"),
        _("At once"),
        _("State"),
        _("Sent at"),
        _("Attempts"),
        _("Next try"),
        _("Last error"),
    ]


def _rows(found: NoticeQuerySet) -> Iterator[list[Value]]:
    for notice in in_batches(found):
        state = notice.mail_state
        yield [
            notice.created_at,
            notice.recipient.name,
            notice.recipient.email,
            notice.kind,
            notice.about,
            notice.subject,
            notice.urgent,
            MAIL_STATES[state],
            notice.sent_at,
            notice.attempts,
            notice.not_before if state in ("waiting", "again") else None,
            notice.last_error,
        ]


@require_GET
@for_letters
def outbox_letter(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show one letter and its e-mail; its text only to those who may see what it is about."""
    notice = get_object_or_404(_overseen(request), pk=pk)
    audits = Audit.objects.visible_to(request.user)
    audit = audits.filter(number=notice.about).first() if notice.about else None
    return render(
        request,
        "audits/console/outbox_letter.html",
        {
            **_row(notice),
            "letter": LETTERS.get(notice.kind),
            "audit": audit,
            "may_read": audit is not None or not notice.about,
            "may_retry": to_retry(Notice.objects.filter(pk=pk)).exists(),
            "trail": [{"label": _("Outbox"), "url": reverse("console:outbox")}],
        },
    )


@require_POST
@for_letters
def retry_letters(request: UserRequest) -> HttpResponse:
    """Try again what is given up: one letter, or all that the list is narrowed to."""
    rows = _overseen(request)
    one = request.POST.get("letter", "")
    try:
        found = (
            rows.filter(pk=UUID(one))
            if one
            else OutboxFilter(request.GET, rows, request=request).qs
        )
        count = try_again(actor=request.user, notices=found)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(
            request,
            ngettext(
                "%(count)d letter goes out with the next round, within a minute.",
                "%(count)d letters go out with the next round, within a minute.",
                count,
            )
            % {"count": count},
        )
    return redirect("console:outbox_letter", pk=one) if one else redirect("console:outbox")
