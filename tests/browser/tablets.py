"""A tablet: a browser that keeps what it has on disk, in places with and without a network."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import expect

from reports.demo.sign_ins import address
from tests.browser.people import Person
from tests.browser.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, FilePayload, Page, Playwright

    from tests.browser.conftest import Stack

NAME = "lead"
# The judgements in the order of their keys.
KEYS = ("conforming", "nonconforming", "not_applicable", "unverifiable")

FIND = """
from audits.models import TeamMember
place = TeamMember.objects.get(
    auditor__user__email="{email}", function="lead", audit__status="fieldwork"
)
print(place.audit.number)
"""
# What the server has of an audit; of each file also whether it is what the database says, and
# whether it still says where it was taken.
SHOW = """
import hashlib, io, json
from PIL import Image
from audits.models import Audit, Evidence, SyncItem
from audits.services.fieldwork import FIELDS
audit = Audit.objects.get(number="{number}")

def photo(row):
    content = row.file.read() if row.is_picture else b""
    place = bool(content) and bool(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825))
    return dict(
        code=row.finding.requirement.code if row.finding else "", caption=row.caption,
        sent=row.sent_sha256, sha256=row.sha256, file=hashlib.sha256(content).hexdigest(),
        place=place, taken=row.taken_at and row.taken_at.isoformat(), small=bool(row.thumbnail),
    )

print(json.dumps(dict(
    findings=dict(
        (row.requirement.code, dict(
            [(name, getattr(row, name)) for name in FIELDS], version=row.version
        ))
        for row in audit.findings.select_related("requirement")
    ),
    photos=[photo(row) for row in Evidence.objects.filter(audit=audit)],
    kept=SyncItem.objects.filter(audit=audit).count(),
)))
"""
READ = """
import json
from audits.services.syncing import read_receipt
print(json.dumps([read_receipt(text) for text in {receipts}]))
"""
RECEIPTS = """
(person) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(`orime-tablet-${person}`);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const asked = opening.result.transaction("receipts").objectStore("receipts").getAll();
        asked.onsuccess = () => {
            opening.result.close();
            resolve(asked.result.map(({ receipt }) => receipt));
        };
    };
})
"""


def ask(stack: Stack, python: str, **values: str) -> str:
    """Return the last line that a piece of Python prints on the server."""
    said = stack.ask(python.format(email=address(NAME), **values))
    return said.splitlines()[-1] if said else ""


def stored(stack: Stack, number: str) -> dict[str, Any]:
    """Return what the server has of the audit."""
    found: dict[str, Any] = json.loads(ask(stack, SHOW, number=number))
    return found


def ready(page: Page) -> None:
    """Wait until the tablet page can be worked with."""
    page.wait_for_selector("body[data-tablet=ready]")


def at(page: Page, name: str) -> Any:
    """Return a place of the tablet page."""
    return page.locator(f"[data-at='{name}']")


def is_kept(page: Page, state: str) -> None:
    """Wait until the card says so."""
    expect(page.locator("[data-card-state]")).to_have_attribute("data-state", state)


def open_card(page: Page, code: str) -> None:
    """Open a card from the list."""
    page.locator(".lines .line", has=page.locator(f"code:text-is('{code}')")).click()
    shows(page, code)


def shows(page: Page, code: str) -> None:
    """Wait until the card of this requirement is open."""
    expect(page.locator("article.req header code")).to_have_text(code)


def take_along(someone: Person, number: str) -> Page:
    """Open the audit once with a network, as its fieldwork page asks for."""
    someone.go(f"/portal/audits/{number}/fieldwork/")
    someone.page.wait_for_selector("[data-tablet-ready]:not([hidden])")
    someone.go(f"/portal/audits/{number}/tablet/")
    ready(someone.page)
    expect(at(someone.page, "summary")).to_have_attribute("data-state", "saved")
    return someone.page


class Tablet:
    """One tablet with its profile on disk: what was put aside is there after it was switched off."""

    def __init__(
        self, playwright: Playwright, options: dict[str, Any], stack: Stack, profile: Path
    ) -> None:
        self.playwright, self.stack, self.profile = playwright, stack, profile
        self.wire = Wire(int(stack.env["PORT"]))
        self.options = options | {
            "base_url": f"http://127.0.0.1:{self.wire.port}",
            "locale": "ja-JP",
            "viewport": {"width": 820, "height": 1180},
        }
        self.context: BrowserContext | None = None
        self.faults: list[str] = []

    def switch_on(self) -> Person:
        """Start the browser, with or without a network as it was; return who sits in front of it."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, offline=self.wire.listener is None, **self.options
        )
        someone = Person(self.context.pages[0])
        someone.faults = self.faults
        return someone

    def switch_off(self) -> None:
        """End the browser; nothing is said to the page."""
        if self.context:
            self.context.close()
            self.context = None

    def cut(self) -> None:
        """Leave the reach of the network."""
        assert self.context
        self.wire.cut()
        self.context.set_offline(True)

    def mend(self) -> None:
        """Come back into it."""
        assert self.context
        self.wire.mend()
        self.context.set_offline(False)


def other_judgements(findings: dict[str, Any]) -> dict[str, str]:
    """Return for each requirement a judgement that it does not have yet."""
    after = dict(zip(KEYS, (*KEYS[1:], KEYS[0]), strict=True))
    return {code: after.get(row["judgement"], KEYS[0]) for code, row in findings.items()}


def judge_by_keys(page: Page, wanted: dict[str, str], codes: Iterable[str]) -> None:
    """Judge one card after the other, each by one key, and go on by another."""
    codes = list(codes)
    open_card(page, codes[0])
    for place, code in enumerate(codes):
        shows(page, code)
        page.keyboard.press(str(KEYS.index(wanted[code]) + 1))
        is_kept(page, "offline")
        if place + 1 < len(codes):
            page.keyboard.press("j")


def take_photos(page: Page, code: str, photos: list[bytes]) -> None:
    """Choose photos for a requirement; the tablet shows each that it keeps."""
    open_card(page, code)
    page.fill("form.upload [name=caption]", f"現場 {code}")
    chosen: list[FilePayload] = [
        {"name": f"IMG_{place}.jpg", "mimeType": "image/jpeg", "buffer": photo}
        for place, photo in enumerate(photos)
    ]
    page.set_input_files("[data-files]", chosen)
    expect(page.locator("[data-waiting] li")).to_have_count(len(photos))


def camera(seed: int, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Return a photo as a tablet takes it: grain, the time, and the place where it was taken."""
    small = size[0] // 4, size[1] // 4
    grain = Image.frombytes("L", small, hashlib.shake_256(b"%d" % seed).digest(small[0] * small[1]))
    picture = grain.resize(size, Image.Resampling.BILINEAR).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Orime", "Tablet"
    exif.get_ifd(0x8769)[0x9003] = f"2026:11:20 10:{seed % 60:02}:00"
    exif.get_ifd(0x8769)[0x9011] = "+09:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (34.0, 57.0, 4.0), 3: "E", 4: (137.0, 9.0, 31.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, exif=exif)
    return out.getvalue()


def receipts(stack: Stack, page: Page) -> dict[str, list[Any]]:
    """Return the lines of all receipts on the tablet by the hash of what was sent.

    The server reads them: one that it has not signed would fail.
    """
    person = page.locator("form[data-person]").first.get_attribute("data-person")
    texts = page.evaluate(RECEIPTS, person)
    said = json.loads(ask(stack, READ, receipts=json.dumps(texts)))
    return {line[1]: line for receipt in said for line in receipt["items"]}


def assert_arrived(
    photos: list[bytes], before: dict[str, Any], after: dict[str, Any], signed: dict[str, list[Any]]
) -> None:
    """Each photo is kept once, without its place, and as its receipt says, byte for byte."""
    known = {row["sha256"] for row in before["photos"]}
    fresh = {row["sent"]: row for row in after["photos"] if row["sha256"] not in known}
    assert len(after["photos"]) == len(before["photos"]) + len(photos)
    assert set(fresh) == {hashlib.sha256(photo).hexdigest() for photo in photos}
    for sent, row in fresh.items():
        assert signed[sent][4] == row["sha256"] == row["file"]
        assert not row["place"]
        assert row["taken"].startswith("2026-11-20")
