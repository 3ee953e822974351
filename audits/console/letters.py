"""The letters that the system writes: one list of all kinds, and how each looks in both languages."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts import sign_in_letters
from accounts.letters import LETTERS, Letter
from accounts.models import Notice
from accounts.services.composing import Entry, Written, address_of, write
from accounts.terms import Locale
from audits.console.access import for_letters
from ui.downloads import download

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from accounts.http import UserRequest
    from ui.tables import Value

# Sent with a link and without a choice of how often.
WITH_LINK = {letter.code for letter in sign_in_letters.LINKS.values()}
# The mail in its frame: styles in its elements as in a program for mail, and nothing that acts.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


class LettersForm(forms.Form):
    """What the list of letters is narrowed to."""

    q = forms.CharField(label=gettext_lazy("Keywords"), required=False, max_length=100)
    urgent = forms.ChoiceField(
        label=gettext_lazy("How soon"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("urgent", gettext_lazy("at once")),
            ("plain", gettext_lazy("with others, or in the digest")),
        ],
    )


@require_GET
@for_letters
def letters(request: UserRequest) -> HttpResponseBase:
    """List every kind of letter by what it is about: its sentence, when it is written, to whom."""
    form = LettersForm(request.GET)
    words, urgent = (
        (form.cleaned_data["q"].lower(), form.cleaned_data["urgent"])
        if form.is_valid()
        else ("", "")
    )
    found = [each for each in LETTERS.values() if _fits(each, words, urgent)]
    if sent := download(request, "orime-letters", _header(), lambda: _rows(found)):
        return sent
    groups: dict[str, list[Letter]] = defaultdict(list)
    for each in found:
        groups[str(each.group)].append(each)
    return render(
        request,
        "audits/console/letters.html",
        {
            "form": form,
            # What there is most of comes first.
            "groups": sorted(groups.items(), key=lambda group: -len(group[1])),
            "count": len(found),
            "active": bool(words or urgent),
            "given_up": Notice.objects.overseen_by(request.user).given_up().count(),
        },
    )


def _fits(each: Letter, words: str, urgent: str) -> bool:
    text = " ".join((each.code, each.title, str(each.when), *each.readers)).lower()
    return all(word in text for word in words.split()) and (
        not urgent or each.urgent == (urgent == "urgent")
    )


def _header() -> list[str]:
    return [_("Code"), _("About"), _("Letter"), _("When"), _("To whom"), _("At once")]


def _rows(found: list[Letter]) -> Iterator[list[Value]]:
    for each in found:
        yield [each.code, each.group, each.title, each.when, "、".join(each.readers), each.urgent]


@require_GET
@for_letters
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # typed for views without arguments
def letter(request: UserRequest, code: str) -> HttpResponse:
    """Show one letter with made-up facts, in both languages, as plain text and as HTML."""
    shown = _letter(code)
    previews = [
        {"language": locale.value, "label": locale.label, "mail": preview(shown, locale.value)}
        for locale in Locale
    ]
    context: dict[str, Any] = {"letter": shown, "previews": previews}
    return render(request, "audits/console/letter.html", context)


@require_GET
@for_letters
@xframe_options_sameorigin
@csp(MAIL_POLICY)  # type: ignore[arg-type]  # as above
def letter_mail(request: UserRequest, code: str, language: str) -> HttpResponse:
    """Return the HTML of a letter as it is mailed."""
    if language not in Locale.values:
        raise Http404
    return HttpResponse(preview(_letter(code), language).html)


def preview(shown: Letter, language: str) -> Written:
    """Write a letter to a made-up person."""
    with translation.override(language):
        example, name = shown.example(), _("Taro Mihon")
    direct = shown.code in WITH_LINK
    entry = Entry(
        example.subject, example.body, address_of("/"), urgent=example.urgent and not direct
    )
    return write(name, language, [entry], chosen=not direct)


def _letter(code: str) -> Letter:
    if code not in LETTERS:
        raise Http404
    return LETTERS[code]
