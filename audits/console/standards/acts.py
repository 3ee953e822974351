"""The acts on a version of the standard, each on a page of its own with its consequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from audits.console.access import form_page, status_of
from audits.console.standards.access import address_of, for_scheme_desk, trail, version_or_404
from audits.forms import standard_acts as forms
from audits.standards.terms import StandardStatus

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.utils.functional import _StrPromise

    from accounts.http import UserRequest
    from audits.standards.models import Standard


@dataclass(frozen=True)
class VersionAct:
    """An act as its page shows it: what it is called, what follows, what is said when it is done."""

    slug: str
    form: type[forms.VersionActForm]
    title: _StrPromise
    done: _StrPromise
    consequences: tuple[_StrPromise, ...] = ()
    grave: bool = False


ACTS = {
    act.slug: act
    for act in (
        VersionAct(
            "propose",
            forms.ProposeForm,
            gettext_lazy("Propose activation"),
            gettext_lazy("The activation is proposed. Another person has to confirm it."),
            (
                gettext_lazy(
                    "The other administrators and coordinators of the scheme owner are asked to "
                    "look at the draft and confirm."
                ),
                gettext_lazy("Until then the draft and its mapping cannot be changed."),
            ),
        ),
        VersionAct(
            "confirm",
            forms.ConfirmForm,
            gettext_lazy("Confirm activation"),
            gettext_lazy("The version was activated."),
            (
                gettext_lazy("From here on the version can no longer be changed by anybody."),
                gettext_lazy("Secretariats and audit bodies are told from when it counts."),
                gettext_lazy(
                    "Audits that have not begun are changed over when their visit lies on or after "
                    "the day from which it is mandatory; bodies and suppliers are told."
                ),
                gettext_lazy("Results that were issued stay as they are."),
            ),
            grave=True,
        ),
        VersionAct(
            "take-back",
            forms.TakeBackForm,
            gettext_lazy("Take proposal back"),
            gettext_lazy("The proposal was taken back. The draft can be changed again."),
        ),
        VersionAct(
            "discard",
            forms.DiscardForm,
            gettext_lazy("Discard draft"),
            gettext_lazy("The draft was discarded."),
            (gettext_lazy("The draft with its mapping is deleted; the record keeps its name."),),
            grave=True,
        ),
        VersionAct(
            "mandatory",
            forms.MandatoryForm,
            gettext_lazy("Fix start of mandatory use"),
            gettext_lazy("The day was fixed."),
            (
                gettext_lazy("Earlier versions cannot be used for visits from that day on."),
                gettext_lazy(
                    "Audits that have not begun and whose visit lies on or after it are changed over."
                ),
            ),
        ),
        VersionAct(
            "sunset",
            forms.SunsetForm,
            gettext_lazy("Phase out"),
            gettext_lazy("The version is being phased out."),
            (
                gettext_lazy("The version can still be used until it is retired."),
                gettext_lazy("Secretariats and audit bodies are told."),
            ),
        ),
        VersionAct(
            "retire",
            forms.RetireForm,
            gettext_lazy("Retire"),
            gettext_lazy("The end of the version was fixed."),
            (
                gettext_lazy("No visit from that day on is audited by this version."),
                gettext_lazy(
                    "Audits whose visit has begun are finished under it, and results stay as they are."
                ),
                gettext_lazy("Secretariats and audit bodies are told."),
            ),
            grave=True,
        ),
    )
}


def open_acts(standard: Standard) -> list[VersionAct]:
    """Return the acts that are possible in the state in which the version is."""
    if standard.is_draft:
        slugs = ["confirm", "take-back"] if standard.proposed_by_id else ["propose", "discard"]
    elif standard.is_live:
        slugs = []
        if standard.mandatory_from is None or standard.mandatory_from > timezone.localdate():
            slugs.append("mandatory")
        if standard.status == StandardStatus.ACTIVE:
            slugs.append("sunset")
        slugs.append("retire")
    else:
        slugs = []
    return [ACTS[slug] for slug in slugs]


@for_scheme_desk
@form_page
def act(request: UserRequest, version: str, act: str) -> HttpResponse:
    """Do one act on a version after its consequences were read."""
    standard = version_or_404(request, version)
    if act not in ACTS:
        raise Http404
    row = ACTS[act]
    if row not in open_acts(standard):
        messages.info(
            request,
            _("This is not possible now: the version stands at “%(status)s”.")
            % {"status": standard.get_status_display()},
        )
        return redirect(address_of(standard))
    sent = request.POST if request.method == "POST" else None
    form = row.form(sent, standard=standard, actor=request.user)
    if request.method == "POST" and form.is_valid() and form.save():
        messages.success(request, str(row.done))
        gone = act == "discard"
        return redirect(reverse("console:standards") if gone else address_of(standard))
    return render(
        request,
        "audits/console/standards/act.html",
        {
            "standard": standard,
            "form": form,
            "row": row,
            "own_proposal": act == "confirm" and standard.proposed_by_id == request.user.pk,
            "cancel_url": address_of(standard),
            "trail": trail(standard),
        },
        status=status_of(form.errors),
    )
