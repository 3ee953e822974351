"""Which words in a text lead to a company or to one of its sites."""

from __future__ import annotations

import pytest

from suppliers.identifying import leads_to, names_of, traces_of
from suppliers.models import Site
from tests.factories import make_site, make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    supplier = make_supplier(
        name_ja="株式会社 竹田川リボン",
        name_kana="タケダガワリボン",
        name_en="Takedagawa Ribbon Co., Ltd.",
        corporate_number="1234567890128",
        address="福井県坂井市三国町1-2-3",
        prefecture=18,
    )
    return make_site(
        supplier,
        name_ja="あわら工場",
        name_en="Awara Mill",
        address="あわら市二面4丁目",
        prefecture=18,
        os_id="JP2026AB12CD3EF",
    )


@pytest.mark.parametrize(
    "text",
    [
        "竹田川リボンの食堂では掲示がなかった。",
        "株式会社竹田川リボンの食堂",
        "㈱竹田川リボンの食堂",
        "竹田川の本館",
        "竹 田 川 リ ボ ン",
        "タケダガワリボンの規程",
        "ﾀｹﾀﾞｶﾞﾜﾘﾎﾞﾝの規程",
        "The dormitory of TAKEDAGAWA has no exit plan.",
        "あわら工場の2階",
        "あわらの寮",
        "At Awara, a door was blocked.",
        "坂井市の労働基準監督署へ届け出ていない。",
        "三国町の寮",
        "福井県内の寮",
        "法人番号 1234567890128",
        "OS ID: JP2026AB12CD3EF",
    ],
)
def test_text_that_leads_to_the_site_is_known(text: str, site: Site) -> None:
    assert leads_to(text, traces_of(site))


@pytest.mark.parametrize(
    "text",
    [
        "避難通路に台車が置かれていた。",
        "工場の非常口が施錠されていた。",
        "本社の規程が工場に備え付けられていない。",
        "The exit of the mill was locked on 2 days; 12 people could not leave.",
        "株式会社の就業規則",
    ],
)
def test_text_about_any_factory_is_let_through(text: str, site: Site) -> None:
    assert not leads_to(text, traces_of(site))


def test_site_called_by_its_kind_is_meant_by_that_word() -> None:
    site = make_site(make_supplier(), name_ja="本社工場", name_en="Head office mill")
    assert leads_to("本社工場の食堂", traces_of(site))
    assert not leads_to("工場の食堂", traces_of(site))


def test_names_come_without_their_legal_form(site: Site) -> None:
    assert names_of(site.supplier) == {
        "竹田川リボン",
        "タケダガワリボン",
        "takedagawaribbon",
    }
