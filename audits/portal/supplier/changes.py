"""Pages on which a supplier tells of changes at a site, and reads what was decided on them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audits.change_terms import ChangeDecision
from audits.forms.changes import ChangeForm
from audits.models import Audit, AuditEvent, ChangeNotice, SchemeSettings
from audits.portal.supplier.access import own_audits
from audits.services.change_hints import Described, Hint, as_described, hints
from audits.services.following_up import followed
from audits.services.noticing import NOTHING_STANDS
from audits.terms import AuditKind
from suppliers import policies
from suppliers.forms.profiles import ProfileForm
from suppliers.models import SiteProfile
from suppliers.portal.access import managed_site, own_site, sent
from ui.paging import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from accounts.http import UserRequest
    from accounts.models import User
    from audits.models.changes import ChangeNoticeQuerySet
    from suppliers.models import Site


def notices_of(user: User, site: Site) -> ChangeNoticeQuerySet:
    """Return what was told of the site, newest first."""
    rows = ChangeNotice.objects.visible_to(user).filter(site=site)
    return rows.order_by("-declared_at", "-pk")


def hints_of(site: Site, audit: Audit | None, latest: SiteProfile | None) -> list[Hint]:
    """Return what the newest profile shows and the one of the standing audit did not."""
    return hints(audit, as_described(latest, site) if latest else None)


@require_GET
def list_changes(request: UserRequest, pk: UUID) -> HttpResponse:
    """Show every change told of the site, with each decision and the special audit it led to."""
    site = own_site(request, pk)
    page = paginate(request, notices_of(request.user, site).select_related("declared_by"), 20)
    notices = list(page)
    return render(
        request,
        "audits/portal/supplier/changes.html",
        {
            "site": site,
            "page": page,
            "rows": _with_decisions(request.user, site, notices),
            "manages": policies.edits_site(request.user, site),
            "standing": followed(site),
            "trail": _trail(site, _("Reported changes")),
        },
    )


def _with_decisions(
    user: User, site: Site, notices: Iterable[ChangeNotice]
) -> list[tuple[ChangeNotice, list[tuple[AuditEvent, ChangeDecision]], Audit | None]]:
    """Return each notice with its decisions, oldest first, and the special audit opened since."""
    rows = list(notices)
    decided: dict[str, list[tuple[AuditEvent, ChangeDecision]]] = defaultdict(list)
    events = AuditEvent.objects.visible_to(user).filter(
        audit__in=[row.audit_id for row in rows], act="change_decided"
    )
    for event in events.order_by("at", "sequence"):
        decision = ChangeDecision(event.payload["decision"])
        decided[event.payload["notice"]].append((event, decision))
    special = list(
        own_audits(user).filter(site=site, kind=AuditKind.SPECIAL).order_by("created_at")
    )
    return [
        (
            row,
            decided[str(row.pk)],
            next(
                (one for one in special if row.decided_at and one.created_at >= row.decided_at),
                None,
            ),
        )
        for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: UserRequest, pk: UUID) -> HttpResponse:
    """Report a change; `?kind=` is chosen, with what the newest profile shows of it."""
    site = managed_site(request, pk)
    audit = followed(site)
    settings = SchemeSettings.objects.current()
    form = ChangeForm(
        **sent(request),
        site=site,
        actor=request.user,
        percent=settings.change_workers_percent,
        initial=_initial(request, site, audit),
    )
    if form.is_valid() and form.save():
        messages.success(
            request,
            _("The change is reported. The secretariat decides whether anything needs to be done."),
        )
        return redirect("portal:our_changes", pk=pk)
    return render(
        request,
        "audits/portal/supplier/change_new.html",
        {
            "site": site,
            "audit": audit,
            "form": form if audit is not None or form.is_bound else None,
            "obstacle": NOTHING_STANDS,
            "days": settings.change_notice_days,
            "trail": _trail(site, _("Report a change")),
        },
        status=422 if form.errors else 200,
    )


def _initial(request: UserRequest, site: Site, audit: Audit | None) -> dict[str, object]:
    kind = request.GET.get("kind", "")
    latest = SiteProfile.objects.visible_to(request.user).latest_of(site)
    for hint in hints_of(site, audit, latest):
        if hint.kind == kind and latest is not None:
            return {"kind": kind, "starts_on": latest.as_of, "text": hint.sentence}
    return {"kind": kind}


@require_POST
def show_hints(request: UserRequest, pk: UUID) -> HttpResponse:
    """Answer what the profile, as it stands in its form, shows of changes: a part of that page."""
    site = managed_site(request, pk)
    form = ProfileForm(data=request.POST, site=site)
    now = Described(
        form.sums.by_sex,
        bool(form["has_dormitory"].value()),
        [str(code) for code in form["processes"].value() or []],
    )
    return render(
        request,
        "audits/portal/supplier/change_hints.html",
        {"hints": hints(followed(site), now), "in_form": True},
    )


def _trail(site: Site, here: str) -> list[dict[str, str]]:
    return [
        {"label": _("My sites"), "url": reverse("portal:sites")},
        {"label": site.name, "url": reverse("portal:site", args=[site.pk])},
        {"label": here},
    ]
