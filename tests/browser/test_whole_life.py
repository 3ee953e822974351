"""The whole life of an audit by the pages: from a factory's application to a brand's call."""

from __future__ import annotations

import io
import json
import time
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.papers import codes, faults_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Stack
    from tests.browser.people import Person

pytestmark = pytest.mark.browser

# What does not conform: code, severity, what the report says.
NONCONFORMING = {
    "5-3": ("minor", "工具棚の前に台車が置かれ、通路の幅が一部で60cmを下回っていた。"),
    "7-8": ("major", "直近2か月の時間外労働が36協定の上限を超えた月があった。"),
}
SITE = "通し検査 第一織布場"
BRAND = "アオイトリ株式会社"


@dataclass
class Case:
    """The audit on its way: its number, the site's id, and the people."""

    number: str
    site: str
    supplier: Person
    body: Person
    lead: Person


def test_audit_goes_from_application_to_a_brands_call(
    stack: Stack, person: Callable[[str], Person], tmp_path: Path
) -> None:
    owner = person("owner")
    before = issued_results(owner)

    case = apply(person)
    agree_on_team(case, person)
    visit(case)
    decide(case, person)

    printed = download_report(case, tmp_path / "report.pdf")
    assert faults_of(printed, name=SITE.split(maxsplit=1)[0]) == []
    assert_counted(owner, before + 1)
    case.supplier.go(f"/portal/our-audits/{case.number}/")
    case.supplier.picture("supplier-audit")

    share(case)
    assert_brand_reads(stack, case)
    written = tmp_path / "written.pdf"
    stack.manage("audit_report", case.number, "--lang", "ja", "--out", str(written))
    assert written.read_bytes() == printed.read_bytes()
    stack.manage("verify_records", case.number)
    for someone in (owner, case.supplier, case.body, case.lead):
        assert someone.faults == []


# --- before the visit ------------------------------------------------------------------------


def apply(person: Callable[[str], Person]) -> Case:
    """The supplier registers a site, describes it and applies."""
    supplier = person("supplier")
    supplier.go("/portal/sites/add/")
    supplier.write(name_ja=SITE, name_en="Walk-through Weaving Shed 1", address="今治市旭町1-1")
    supplier.choose("processes", "weaving")
    supplier.press("main form button.primary")
    site = supplier.part_of_address(r"/sites/([0-9a-f-]{36})/")
    supplier.go(f"/portal/apply/?site={site}&kind=initial")
    supplier.page.get_by_label("人権デュー・ディリジェンス推進コンソーシアム").check()
    supplier.write(purpose="取引先からの要請", preferred_from=today(), preferred_until=today())
    supplier.press("main form button.primary")
    number = supplier.part_of_address(r"/our-audits/([A-Z]+-\d{4}-\d+)/")
    describe_site(supplier)
    for field in supplier.page.locator("input[value=ready]").all():
        field.check()
    supplier.press("main form button.primary")
    supplier.page.check("[name=accept]")
    supplier.press("main form button.primary")
    supplier.page.get_by_label("一般財団法人 あけぼの繊維検査協会").check()
    supplier.press("main form button.primary")
    supplier.press("main form button.primary")
    assert "申込済" in supplier.status()
    return Case(number, site, supplier, person("body"), person("lead"))


def describe_site(supplier: Person) -> None:
    """Write the profile: 48 workers, some from Vietnam, a dormitory but no canteen."""
    supplier.write(workers_male="18", workers_female="30", workers_other="0")
    supplier.write(workers_regular="40", workers_fixed_term="8", workers_dispatched="0")
    supplier.write(technical_interns="6", specified_skilled="0", foreign_other="0")
    supplier.write(minors="0", homeworkers="0", shifts="1")
    supplier.choose("languages", "ja")
    supplier.choose("languages", "vi")
    supplier.page.check("[name=has_dormitory]")
    supplier.press("#profile-form button.primary")


def agree_on_team(case: Case, person: Callable[[str], Person]) -> None:
    """The coordinator accepts and proposes, both auditors and the supplier agree, the day is fixed."""
    body, audit = case.body, f"/console/audits/{case.number}"
    body.go("/console/board/")
    body.picture("board")
    body.go(f"{audit}/intake/")
    body.press(".awaited form button.primary")
    body.go(f"{audit}/team/")
    for name, function in (("佐伯 千里", "lead"), ("真鍋 亮介", "member")):
        row = body.page.locator("tr", has=body.page.locator("th", has_text=name))
        row.locator("select").select_option(function)
    body.page.check("[name=interpreters]")
    body.picture("assignment")
    body.press("main form button.primary")

    for auditor in (case.lead, person("auditor")):
        accept_offer(auditor, case.number)
    case.supplier.go(f"/portal/our-audits/{case.number}/team/")
    case.supplier.press("form[action$='/agree/'] button.primary")
    body.go(f"{audit}/visit/")
    body.write(planned_from=today(), planned_until=today())
    body.press("main form button.primary")
    assert "日程確定" in body.status()


def accept_offer(auditor: Person, number: str) -> None:
    """Answer the four questions with no and sign."""
    auditor.go(f"/portal/audits/{number}/offer/")
    for field in auditor.page.locator(".threat input[value=no]").all():
        field.check()
    auditor.page.check("[name=signed]")
    auditor.press("button[name=answer][value=accept]")


# --- the visit -------------------------------------------------------------------------------


def visit(case: Case) -> None:
    """The lead starts, judges everything, counts the interviews, closes the visit and signs."""
    lead, audit = case.lead, f"/portal/audits/{case.number}"
    lead.go(f"{audit}/act/start/")
    lead.press("main form button.primary")
    judged = judge_all(lead, audit)
    assert set(NONCONFORMING) < judged
    lead.go(f"{audit}/interviews/")
    # What the page proposes from the profile is held as planned.
    for number in range(lead.page.locator("[name^=s-][name$=-planned]").count()):
        planned = lead.page.input_value(f"[name=s-{number}-planned]")
        lead.page.fill(f"[name=s-{number}-done]", planned)
    lead.press("main form button.primary")
    lead.go(f"{audit}/closing/")
    hold_closing(lead)
    lead.press("form[action$='/closing/finish/'] button.primary")
    lead.page.check("[name=confirmed]")
    lead.press("main form button.primary")
    lead.go(f"{audit}/findings/")
    assert lead.page.locator("table.read-all tbody tr").count() == len(codes())


def hold_closing(lead: Person) -> None:
    """Go through the list with the plant manager, who contests nothing and signs by hand."""
    for answer in lead.page.locator("[name^=answer-][value=acknowledged]").all():
        answer.check()
    lead.write(
        representative="織田 誠",
        function="工場長",
        remarks="工場長と総務部長が出席し、指摘の内容を確認した。",
    )
    pad = lead.page.locator("[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    mouse = lead.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 40)
    mouse.down()
    mouse.move(box["x"] + 200, box["y"] + 120, steps=8)
    mouse.up()
    lead.picture("closing")
    lead.press("#closing-form button.primary")
    assert lead.page.locator("figure.signed path").count() == 1


def judge_all(lead: Person, audit: str) -> set[str]:
    """Judge card by card with the keyboard until none is left; return the codes that were judged."""
    judged = set()
    lead.go(f"{audit}/fieldwork/1-1/")
    lead.picture("card")
    while True:
        code = lead.page.locator("#card > header code").inner_text()
        judged.add(code)
        if code in NONCONFORMING:
            find_nonconforming(lead, code)
        else:
            lead.page.keyboard.press("1")
            expect(lead.page.locator("#save-state[data-state=saved]")).to_contain_text("版")
        if not lead.page.locator("[data-key=n]").count():
            return judged
        lead.key("n")


def find_nonconforming(lead: Person, code: str) -> None:
    """Write down a nonconformity with a photo; the card saves itself."""
    severity, text = NONCONFORMING[code]
    lead.page.locator("label:has([name=judgement][value=nonconforming])").click()
    lead.page.locator(f"label:has([name=severity][value={severity}])").click()
    lead.page.fill("[name=report_text]", text)
    photo = {"name": f"{code}.jpg", "mimeType": "image/jpeg", "buffer": photograph(code)}
    lead.page.locator("[name=uploads]").nth(1).set_input_files(photo)  # type: ignore[arg-type]  # a payload
    lead.write(caption="織布場の通路")
    lead.choose("evidence_class", "public")
    lead.page.click("#evidence form button[type=submit]")
    expect(lead.page.locator("#evidence figure img")).to_be_visible()
    expect(lead.page.locator("#save-state[data-state=saved]")).to_contain_text("版")
    lead.picture(f"card-{code}")


def photograph(code: str) -> bytes:
    """Return a picture of 1200 × 900 as a camera would send it."""
    picture = Image.new("RGB", (1200, 900), "#8a9bb0")
    ImageDraw.Draw(picture).text((80, 80), f"{code} {today()}", fill="white", font_size=90)
    file = io.BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


# --- after the visit -------------------------------------------------------------------------


def decide(case: Case, person: Callable[[str], Person]) -> None:
    """The reviewer passes, the supplier accepts the facts, the result is issued as computed."""
    reviewer, audit = person("reviewer"), f"/console/audits/{case.number}"
    reviewer.go(f"{audit}/review/")
    reviewer.picture("review")
    reviewer.press("button[name=verdict][value=pass]")
    case.supplier.go(f"/portal/our-audits/{case.number}/facts/accept/")
    case.supplier.press("main form button.primary")
    reviewer.go(f"{audit}/decision/")
    reviewer.picture("decision")
    reviewer.page.check("[name=confirmed]")
    reviewer.press(".confirm form button.primary")
    assert "発行済" in reviewer.status()
    assert reviewer.faults == []


def download_report(case: Case, file: Path) -> Path:
    """Wait for the worker to print the Japanese report, and take it."""
    case.supplier.go(f"/portal/reports/{case.number}/")
    link = case.supplier.page.locator("a[download]", has_text="_ja.pdf")
    expect(link).to_be_visible(timeout=120_000)
    case.supplier.picture("reports")
    with case.supplier.page.expect_download() as download:
        link.click()
    download.value.save_as(file)
    return file


def issued_results(owner: Person) -> int:
    """Return the number of issued results on the dashboard."""
    owner.go("/console/")
    return int(owner.page.locator(".kpis .kpi b").first.inner_text().replace(",", ""))


def assert_counted(owner: Person, expected: int) -> None:
    """Wait until the worker has counted the result."""
    deadline = time.monotonic() + 60
    while (counted := issued_results(owner)) != expected and time.monotonic() < deadline:
        time.sleep(1)
    assert counted == expected
    owner.picture("dashboard")


def share(case: Case) -> None:
    """The supplier shows everything of the site to the brand."""
    case.supplier.go(f"/portal/sites/{case.site}/sharing/")
    case.supplier.page.locator("select[name=brand]").select_option(label=BRAND)
    case.supplier.choose("level", "full")
    case.supplier.press("main form button.primary")


def assert_brand_reads(stack: Stack, case: Case) -> None:
    """A new token reads the result and its findings."""
    token = stack.manage("api_client", BRAND)
    rows = call(stack, token, "/api/v1/results/?limit=200")["results"]
    result = next(row for row in rows if row["site"]["id"] == case.site)
    findings = call(stack, token, f"/api/v1/audits/{result['audit']}/findings/")
    assert findings["number"] == case.number
    assert [row["code"] for row in findings["findings"]] == codes()
    found = {row["code"] for row in findings["findings"] if row["judgement"] == "nonconforming"}
    assert found == set(NONCONFORMING)


def call(stack: Stack, token: str, path: str) -> dict[str, Any]:
    """Return what the export answers."""
    request = urllib.request.Request(  # noqa: S310  the stack's own address
        stack.address + path, headers={"Authorization": f"Token {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  as above
        content: dict[str, Any] = json.load(answer)
    return content


def today() -> str:
    """Return the day as a date field takes it."""
    return datetime.now(ZoneInfo("Asia/Tokyo")).date().isoformat()
