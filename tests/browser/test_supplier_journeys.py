"""The supplier's side in a browser: from an invitation to the application, and sharing taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.browser.people import Person
from tests.browser.test_whole_life import BRAND, describe_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Stack

pytestmark = pytest.mark.browser

COMPANY = "みちしるべ縫製株式会社"
ADDRESS = "michishirube@example.jp"
PASSWORD = "hajimete-no-moushikomi"
LINK = f"""
from accounts.models import User
from accounts.services.opening import link_of
print(link_of(User.objects.get(email={ADDRESS!r})))
"""


@pytest.fixture
def stranger(stack: Stack, browser: Browser) -> Iterator[Person]:
    """Somebody who has never been here."""
    context = browser.new_context(
        base_url=stack.address, locale="ja-JP", viewport={"width": 820, "height": 1180}
    )
    yield Person(context.new_page())
    context.close()


def test_first_application_from_the_invitation_on(
    stack: Stack, person: Callable[[str], Person], stranger: Person, tmp_path: Path
) -> None:
    companies = tmp_path / "companies.csv"
    companies.write_text(
        f"事業者名,事業所名,都道府県,所在地,工程\n{COMPANY},本社工場,愛媛県,今治市旭町9-9,縫製\n",
        encoding="utf-8",
    )
    stack.manage("import_suppliers", str(companies))
    invite(person("secretariat"))

    supplier = stranger
    supplier.go(stack.ask(LINK))
    assert COMPANY in supplier.page.inner_text("main")
    supplier.write(password=PASSWORD, again=PASSWORD)
    supplier.press("form.card button.primary")
    apply(supplier, tmp_path)
    assert "申込済" in supplier.status()
    assert supplier.faults == []


def invite(desk: Person) -> None:
    """The secretariat finds the company, which has nobody yet, and invites its manager."""
    desk.go(f"/people/?q={COMPANY}")
    desk.press("main table a")
    desk.write(email=ADDRESS, name="道標 結")
    desk.choose("role", "manager")
    desk.press("main form.form button.primary")
    assert ADDRESS in desk.page.inner_text("main")


def apply(supplier: Person, folder: Path) -> None:
    """The new manager applies, going only where the pages lead."""
    supplier.press("main a:has-text('本社工場')")
    supplier.press("main a[href*='/portal/apply/']")
    supplier.choose("kind", "initial")
    supplier.page.get_by_label("社会保険労務士による監査").check()
    first = date.today() + timedelta(days=30)  # noqa: DTZ011  the day of the stack's own machine
    supplier.write(preferred_from=first.isoformat(), preferred_until=first.isoformat())
    supplier.press("main form button.primary")
    describe_site(supplier)
    for field in supplier.page.locator("input[value=on_site]").all():
        field.check()
    rules = folder / "就業規則.pdf"
    rules.write_bytes(b"%PDF-1.7\n%%EOF\n")
    supplier.page.set_input_files("[name='work_rules-files']", str(rules))
    supplier.press("main form .form-end button.primary")
    supplier.page.check("[name=accept]")
    supplier.press("main form button.primary")
    supplier.page.locator("input[name=choice][value^=body-]:enabled").last.check()
    supplier.press("main form .form-end button.primary")
    assert "就業規則" in supplier.page.inner_text("main")
    supplier.press("main form button.primary")


def test_what_is_taken_back_is_gone_with_the_next_request(person: Callable[[str], Person]) -> None:
    supplier, brand = person("supplier"), person("brand")
    supplier.go("/portal/sites/")
    link = supplier.page.locator("main a[href*='/portal/sites/']:has-text('工場')").first
    address = link.get_attribute("href")
    assert address is not None
    site = address.split("/")[3]
    supplier.go(f"/portal/sites/{site}/sharing/")
    supplier.page.locator("select[name=brand]").select_option(label=BRAND)
    supplier.choose("level", "summary")
    supplier.page.check("[name=future]")
    supplier.press("main form.form button.primary")
    brand.go(f"/portal/shared/{site}/")
    assert "概要" in brand.page.inner_text("main")

    row = supplier.page.locator("tr", has=supplier.page.locator("th", has_text=BRAND)).first
    with supplier.page.expect_navigation():
        row.locator("a.danger").click()
    supplier.press("main form button")
    answer = brand.page.reload()
    assert answer is not None
    assert answer.status == 404
    assert [supplier.faults, brand.faults] == [[], []]
