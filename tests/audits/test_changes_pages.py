"""Change notices by page: told, listed, decided, hinted at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.terms import Role
from audits.change_terms import ChangeDecision, ChangeKind
from audits.models import ChangeNotice, Result
from audits.services import applying
from audits.services.noticing import decide_change, declare_change
from audits.terms import AuditKind, ResultStatus, Status
from suppliers.models import SiteProfile
from tests.factories import Scheme, audit_at, make_engagement, make_site, make_user

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from suppliers.models import Site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LIST_QUERIES = 6
OUR_QUERIES = 9


def told(scheme: Scheme, site: Site | None = None, **changes: Any) -> ChangeNotice:
    fields = {
        "kind": ChangeKind.MOVE,
        "starts_on": timezone.localdate(),
        "text": "隣町に移転する。",
        **changes,
    }
    return declare_change(actor=scheme.manager, site=site or scheme.site, **fields)


def sign_in(client: Client, user: User) -> None:
    """Sign somebody in who reads English, whatever has been translated."""
    User.objects.filter(pk=user.pk).update(locale="en")
    client.force_login(user)


def at(page: str, site: Site) -> str:
    return reverse(f"portal:{page}", args=[site.pk])


def data(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"kind": "move", "starts_on": today, "text": "隣町に移転する。", **changes}


def profile(**changes: Any) -> dict[str, Any]:
    return {
        "as_of": timezone.localdate(),
        "processes": ["weaving", "dyeing"],
        "shifts": 1,
        "workers_male": 40,
        "workers_female": 40,
        "workers_other": 0,
        "workers_regular": 80,
        "workers_fixed_term": 0,
        "workers_dispatched": 0,
        "technical_interns": 0,
        "specified_skilled": 0,
        "foreign_other": 0,
        "minors": 0,
        "homeworkers": 0,
        "languages": ["ja"],
        "has_dormitory": "on",
        **changes,
    }


def test_change_is_told_by_page(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    sign_in(client, scheme.manager)
    url = at("our_change_new", scheme.site)
    assert url in client.get(at("site", scheme.site)).content.decode()
    assert "more than 30% more workers" in client.get(url).content.decode()

    assert client.post(url, data(text=" ")).status_code == 422
    assert client.post(url, data(kind="weather")).status_code == 422
    assert client.post(url, data())["Location"] == at("our_changes", scheme.site)
    assert client.post(url, data()).status_code == 422

    page = client.get(at("our_changes", scheme.site)).content.decode()
    assert "隣町に移転する。" in page
    assert "to be decided" in page
    assert at("our_changes", scheme.site) in client.get(at("site", scheme.site)).content.decode()


def test_readers_look_and_do_not_tell(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    told(scheme)
    sign_in(client, make_user(scheme.supplier.organisation, Role.READER))

    assert "隣町に移転する。" in client.get(at("our_changes", scheme.site)).content.decode()
    assert (
        at("our_change_new", scheme.site)
        not in client.get(at("our_changes", scheme.site)).content.decode()
    )
    assert client.get(at("our_change_new", scheme.site)).status_code == 403
    assert client.post(at("our_change_new", scheme.site), data()).status_code == 403
    assert client.post(at("change_hints", scheme.site), profile()).status_code == 403


def test_page_without_a_standing_result_says_why(client: Client, scheme: Scheme) -> None:
    sign_in(client, scheme.manager)
    url = at("our_change_new", scheme.site)

    page = client.get(url)
    assert page.context["form"] is None
    assert "this site has none" in page.content.decode()
    assert url not in client.get(at("site", scheme.site)).content.decode()
    assert "No change was reported" in client.get(at("our_changes", scheme.site)).content.decode()
    answer = client.post(url, data())
    assert answer.status_code == 422
    assert "this site has none" in answer.content.decode()
    assert not ChangeNotice.objects.exists()


def test_decide_by_page(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)
    url = reverse("console:change", args=[notice.pk])
    answer = {"decision": "desk", "reason": "賃貸借契約書を送ってください。"}
    for person in (scheme.desk, scheme.observer, scheme.owner):
        sign_in(client, person)
        assert client.get(url).context["form"] is None
        assert client.post(url, answer).status_code == 403
    sign_in(client, scheme.coordinator)
    assert url in client.get(reverse("console:audit", args=[notice.audit.number])).content.decode()

    assert client.post(url, {**answer, "reason": ""}).status_code == 422
    assert client.post(url, {**answer, "decision": ""}).status_code == 422
    assert client.post(url, answer)["Location"] == url
    assert [
        value for value, _label in client.get(url).context["form"]["decision"].field.choices
    ] == [
        "nothing",
        "special",
    ]
    assert client.post(url, {"decision": "special", "reason": "現地を見る。"}).status_code == 302
    assert client.get(url).context["form"] is None
    assert client.post(url, answer).status_code == 422
    assert (
        url not in client.get(reverse("console:audit", args=[notice.audit.number])).content.decode()
    )

    sign_in(client, scheme.manager)
    page = client.get(at("our_changes", scheme.site)).content.decode()
    assert "賃貸借契約書を送ってください。" in page
    assert "現地を見る。" in page
    assert scheme.coordinator.name not in page


def test_special_audit_is_applied_for_from_the_decision(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    decide_change(
        actor=scheme.coordinator,
        notice=told(scheme),
        decision=ChangeDecision.SPECIAL,
        reason="現地を見る。",
    )
    sign_in(client, scheme.manager)
    way = f"{reverse('portal:apply')}?site={scheme.site.pk}&kind=special"
    url = at("our_changes", scheme.site)

    assert way.replace("&", "&amp;") in client.get(url).content.decode()
    assert client.get(way).context["form"]["kind"].value() == AuditKind.SPECIAL
    special = applying.open_application(
        actor=scheme.manager,
        site=scheme.site,
        secretariat=scheme.secretariat,
        kind=AuditKind.SPECIAL,
    )

    page = client.get(url).content.decode()
    assert special.number in page
    assert way.replace("&", "&amp;") not in page


def test_whoever_is_bound_reads_why_not(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    notice = told(scheme)
    make_engagement(scheme.supplier, scheme.coordinator)
    sign_in(client, scheme.coordinator)
    url = reverse("console:change", args=[notice.pk])

    assert client.get(url).context["obstacles"]
    answer = client.post(url, {"decision": "nothing", "reason": "影響はない。"})

    assert answer.status_code == 422
    notice.refresh_from_db()
    assert notice.decision == ""


def test_list_is_narrowed_and_downloaded(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    sign_in(client, scheme.coordinator)
    url = reverse("console:changes")
    assert "There are no change notices" in client.get(url).content.decode()
    first = told(scheme)
    decide_change(
        actor=scheme.coordinator,
        notice=first,
        decision=ChangeDecision.NOTHING,
        reason="影響はない。",
    )
    second = told(scheme, kind=ChangeKind.PROCESS)

    def shown(**chosen: str) -> list[ChangeNotice]:
        return list(client.get(url, chosen).context["page"])

    assert shown() == [second, first]
    assert shown(state="open") == [second]
    assert shown(state="nothing") == [first]
    assert shown(kind="process") == [second]
    assert shown(q=first.audit.number) == [second, first]
    assert shown(q="どこにもない") == []
    text = client.get(url, {"format": "csv", "state": "nothing"}).getvalue().decode("utf-8-sig")
    assert "影響はない。" in text
    assert "new process" not in text
    assert client.get(url, {"format": "xlsx"}).getvalue()[:2] == b"PK"


def test_lists_ask_a_constant_number_of_queries(
    client: Client, scheme: Scheme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit_at(Status.ISSUED, scheme)
    desk, manager = make_user(scheme.secretariat, Role.READER), scheme.manager
    ours, theirs = at("our_changes", scheme.site), reverse("console:changes")
    told(scheme)

    def measure() -> None:
        sign_in(client, desk)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(theirs)
        sign_in(client, manager)
        with django_assert_num_queries(OUR_QUERIES):
            client.get(ours)

    measure()
    other = make_site(scheme.supplier)
    audit_at(Status.ISSUED, scheme, site=other)
    told(scheme, site=other)
    for kind in (ChangeKind.PROCESS, ChangeKind.OTHER):
        decide_change(
            actor=scheme.coordinator,
            notice=told(scheme, kind=kind),
            decision=ChangeDecision.DESK,
            reason="書類を送ってください。",
        )
    assert ChangeNotice.objects.count() == 4
    measure()


def test_profile_in_its_form_shows_what_is_to_be_told(client: Client, scheme: Scheme) -> None:
    audit_at(Status.ISSUED, scheme)
    sign_in(client, scheme.manager)
    url = at("change_hints", scheme.site)
    assert url in client.get(at("profile_edit", scheme.site)).content.decode()

    part = client.post(url, profile()).content.decode()
    assert "Workers: 46 at the audit" in part
    assert 'name="tell" value="workers"' in part
    assert client.post(url, profile(workers_male=10)).content.decode().strip() == ""
    assert client.post(url, {}).content.decode().strip() == ""

    answer = client.post(at("profile_edit", scheme.site), profile(tell="workers"))
    way = f"{at('our_change_new', scheme.site)}?kind=workers"
    assert answer["Location"] == way
    form = client.get(way).context["form"]
    assert form["kind"].value() == "workers"
    assert form["starts_on"].value() == SiteProfile.objects.latest_of(scheme.site).as_of  # type: ignore[union-attr]  # just saved
    assert "80 now" in form["text"].value()
    assert way in client.get(at("site", scheme.site)).content.decode()
    told(scheme, kind=ChangeKind.WORKERS)
    assert way not in client.get(at("site", scheme.site)).content.decode()


def test_nothing_is_hinted_at_once_the_result_no_longer_stands(
    client: Client, scheme: Scheme
) -> None:
    audit_at(Status.ISSUED, scheme)
    Result.objects.update(status=ResultStatus.WITHDRAWN)
    sign_in(client, scheme.manager)

    part = client.post(at("change_hints", scheme.site), profile())

    assert part.content.decode().strip() == ""
