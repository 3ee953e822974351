"""A corrective action by the pages: planned, returned, shown by a photo, returned again, closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload

from tests.factories import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Stack
    from tests.browser.people import Person

pytestmark = pytest.mark.browser

# One of the demo supplier's that waits for a plan in time and is verified at the desk.
WAITING = """
from audits.models import CorrectiveAction
rows = CorrectiveAction.objects.filter(
    status="open", verification="desk",
    finding__audit__site__supplier__organisation__memberships__user__email="{supplier}",
    finding__audit__body__memberships__user__email="{body}",
)
print(rows.order_by("-plan_due_on", "pk").values_list("pk", flat=True)[0])
"""


def test_corrective_action_from_plan_to_close_with_two_returns(
    stack: Stack, person: Callable[[str], Person]
) -> None:
    pk = stack.ask(WAITING.format(supplier="supplier@demo.example", body="body@demo.example"))
    supplier, body = person("supplier"), person("body")
    ours, theirs = f"/portal/our-corrections/{pk}/", f"/console/corrective-actions/{pk}/"

    supplier.go(ours)
    supplier.write(root_cause="置き場が決まっていなかった。", responsible="製造課長")
    supplier.press("button[name=keep]")
    body.go(theirs)  # a draft is for the supplier alone
    assert "製造課長" not in body.page.inner_text("main")

    supplier.go(ours)
    assert supplier.page.input_value("[name=responsible]") == "製造課長"
    supplier.write(correction="台車を移した。", prevention="床に線を引く。")
    supplier.write(planned_on=(date.today() + timedelta(days=3)).isoformat())  # noqa: DTZ011  as the browser has it
    supplier.press("main form button.primary")
    check(body, theirs, "return_plan", "点検の頻度を書いてください。")

    supplier.go(ours)
    assert "点検の頻度を書いてください。" in supplier.page.inner_text(".message.warning")
    supplier.write(prevention="床に線を引き、毎週点検する。")
    supplier.press("main form button.primary")
    check(body, theirs, "accept_plan")

    for number, note in enumerate(("線を引いた。", "線を引き、全体の写真を加えた。")):
        supplier.page.set_viewport_size({"width": 390, "height": 844})
        supplier.go(ours)
        assert supplier.page.evaluate("document.documentElement.scrollWidth") <= 390
        photo = FilePayload(
            name=f"IMG_{number}.jpg",
            mimeType="image/jpeg",
            buffer=picture(colour=(40 * number, 90, 90)).read(),
        )
        supplier.page.set_input_files("[name=taken]", photo)
        supplier.write(evidence_note=note)
        supplier.press("main form button.primary")
        if number == 0:
            check(body, theirs, "return_evidence", "通路全体の写真もください。")

    body.go(theirs)
    assert body.page.locator(".evidence img[src*='supplied']").count() == 2
    check(body, theirs, "close")
    supplier.go(ours)
    assert "完了" in supplier.page.inner_text("h1")
    assert supplier.page.locator("main form").count() == 0
    for someone in (supplier, body):
        assert someone.faults == []


def check(body: Person, address: str, step: str, comment: str = "") -> None:
    """The desk of the body takes a step of checking."""
    body.go(address)
    if comment:
        body.write(comment=comment)
    body.press(f"button[name=step][value={step}]")
