"""What a person does in front of the browser: go, write, choose, press, look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.demo.sign_ins import PASSWORD, address

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

WIDTHS = (1440, 820)


class Person:
    """One person with a browser window; `pictures` is the folder for screenshots, if any."""

    def __init__(self, page: Page, pictures: Path | None = None) -> None:
        self.page, self.pictures = page, pictures
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def sign_in(self, name: str, *, stay: bool = False) -> None:
        """Sign in as one of the demo's people, and stay so after the browser was closed."""
        self.go("/account/login/")
        self.write(login=address(name), password=PASSWORD)
        if stay:
            self.page.check("[name=remember]")
        self.press("form.card button.primary")

    def go(self, path: str) -> None:
        """Open a page, which has to be there."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def write(self, **fields: str) -> None:
        """Fill in fields by their names; `__` stands for a hyphen."""
        for name, text in fields.items():
            self.page.fill(f"[name='{name.replace('__', '-')}']", text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of several: from a list, or by its button or box."""
        field = self.page.locator(f"select[name='{name}']")
        if field.count():
            field.select_option(value)
        else:
            self.page.check(f"input[name='{name}'][value='{value}']")

    def press(self, button: str) -> None:
        """Press a button that leads to another page; a refusal fails with what the page says."""
        with self.page.expect_navigation() as moved:
            self.page.click(button)
        answer = moved.value
        said = self.page.locator("[role=alert], .errorlist, .message").all_inner_texts()
        assert answer.ok, f"{self.page.url}: {answer.status} {said}"
        assert self.page.locator(".errorlist, .message.error").count() == 0, said

    def key(self, key: str) -> None:
        """Use a key that leads to another page."""
        with self.page.expect_navigation() as moved:
            self.page.keyboard.press(key)
        assert moved.value.ok

    def status(self) -> str:
        """Return the heading of the page, which names where an audit stands."""
        return self.page.locator("h1").inner_text()

    def part_of_address(self, pattern: str) -> str:
        """Return what the pattern's first group finds in the page's address."""
        found = re.search(pattern, self.page.url)
        assert found is not None, self.page.url
        return found[1]

    def picture(self, name: str) -> None:
        """Keep the page as it looks on a desk and on a tablet, if pictures are wanted."""
        if self.pictures is None:
            return
        self.pictures.mkdir(parents=True, exist_ok=True)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
