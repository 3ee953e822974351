"""Short papers beside the report: one template each, the same bytes every time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template
from django.utils.translation import gettext

from reports.documents.press import Sheets, attached, print_sheets
from reports.services.printing import Printed
from ui.templatetags import ui

if TYPE_CHECKING:
    from collections.abc import Sequence

    from weasyprint import Attachment

    from reports.documents.wording import Wording


def print_paper(
    name: str,
    context: dict[str, Any],
    key: str,
    *,
    version: str,
    styles: Sequence[str],
    at: datetime,
    attachments: Sequence[Attachment] = (),
) -> Printed:
    """Return the PDF of the template `reports/pdf/<name>.html`, signed as of `at`.

    The bytes depend on nothing but context, attachments, template and signing key; `key` tells
    this content and language from every other.
    """
    html = get_template(f"reports/pdf/{name}.html").render(context)
    content, pages = print_sheets(
        Sheets(html, styles, f"{key}|{name}{version}", at=at, attachments=attachments)
    )
    return Printed(content, pages, version)


def print_frozen(
    name: str,
    data: dict[str, Any],
    content: str,
    context: dict[str, Any],
    key: str,
    *,
    version: str,
    at: datetime,
) -> Printed:
    """Return the PDF of frozen `data`, with their canonical text `content` attached."""
    attachment = attached(content, name=f"{data['number']}.json", description=data["schema"], at=at)
    return print_paper(
        name,
        context,
        key,
        version=version,
        styles=("report", "paper"),
        at=at,
        attachments=[attachment],
    )


def moment_of(iso: str, say: Wording) -> str:
    """Return day and time to the second."""
    when = datetime.fromisoformat(iso)
    return say.say(lambda: f"{ui.moment(when)}:{when:%S}")


def person_of(by: dict[str, Any] | None, say: Wording) -> str:
    """Return a name with the person's function (`reports.snapshot.people.acting`)."""
    if by is None:
        return say.say(lambda: gettext("not on record"))
    function = (
        say.one(by["function"])
        if by["function"]
        else say.say(lambda: gettext("function not on record"))
    )
    return f"{by['name']}{say.signs['open']}{function}{say.signs['close']}"


def address_of(place: dict[str, Any], say: Wording) -> str:
    """Return the address with its prefecture before it, once; where there is none the prefecture."""
    prefecture = say.one(place["prefecture"])
    address = str(place["address"])
    if place["prefecture"]["ja"] in address:
        return address
    if say.main == "en":
        return ", ".join(filter(None, (address, prefecture)))
    return f"{prefecture}{address}"
