"""Who reaches the supplier's pages: the own people read, managers act, nobody else gets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from accounts.terms import Role
from audits.models import Audit, CorrectiveAction
from audits.terms import Status
from tests.factories import Scheme, audit_at, make_grant, make_site, make_supplier, make_user

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

pytestmark = pytest.mark.django_db

LISTS = ("sites", "our_audits", "our_corrections")
READ = ("site", "sharing", "our_audit", "our_team", "facts", "our_result", "our_correction")
ACT = (
    "site_edit",
    "profile_edit",
    "sharing_revoke",
    "apply_wishes",
    "apply_profile",
    "apply_documents",
    "apply_terms",
    "apply_check",
    "our_withdraw",
    "facts_accept",
)
OF_ISSUED = ("our_audit", "our_team", "our_team_agree", "facts", "facts_accept", "our_result")


@pytest.fixture
def urls(scheme: Scheme) -> dict[str, str]:
    """One address of each page about one thing of the scheme's supplier."""
    issued = audit_at(Status.ISSUED, scheme)
    draft = audit_at(Status.DRAFT, scheme, site=make_site(scheme.supplier))
    action = CorrectiveAction.objects.get()
    grant = make_grant(scheme.site, scheme.brand, granted_by=scheme.manager)
    site: dict[str, object] = {"pk": scheme.site.pk}
    kwargs: dict[str, dict[str, object]] = {
        **dict.fromkeys(("site", "site_edit", "profile_edit", "sharing"), site),
        "sharing_revoke": {**site, "grant": grant.pk},
        "our_correction": {"pk": action.pk},
        **{name: {"number": issued.number} for name in OF_ISSUED},
        **{name: {"number": draft.number} for name in ACT if name.startswith("apply_")},
        "our_withdraw": {"number": draft.number},
    }
    return {name: reverse(f"portal:{name}", kwargs=found) for name, found in kwargs.items()}


def statuses(client: Client, user: User, urls: dict[str, str], method: str) -> dict[str, int]:
    client.force_login(user)
    return {name: getattr(client, method)(url).status_code for name, url in urls.items()}


def outsiders(scheme: Scheme) -> list[User]:
    other = make_supplier()
    return [
        make_user(other.organisation, Role.MANAGER),
        scheme.brand_user,  # the site is shared with the brand, and still these are not its pages
        scheme.coordinator,
        scheme.lead.user,
        make_user(),
    ]


def test_people_of_others_reach_nothing(
    client: Client, scheme: Scheme, urls: dict[str, str]
) -> None:
    before = Audit.objects.values_list("status", "version")
    for user in outsiders(scheme):
        got = statuses(
            client, user, {k: v for k, v in urls.items() if k != "our_team_agree"}, "get"
        )
        assert set(got.values()) == {404}, (user, got)
        posted = statuses(client, user, urls, "post")
        allowed = {404, 405}
        assert set(posted.values()) <= allowed, (user, posted)
        assert posted["our_team_agree"] == posted["facts"] == posted["sharing"] == 404
    assert list(before) == list(Audit.objects.values_list("status", "version"))


def test_lists_and_application_are_for_supplier_people(client: Client, scheme: Scheme) -> None:
    for user in (scheme.brand_user, scheme.coordinator, scheme.lead.user):
        client.force_login(user)
        for name in (*LISTS, "apply", "site_add"):
            assert client.get(reverse(f"portal:{name}")).status_code == 403, (user, name)


def test_reader_reads_but_does_not_act(
    client: Client, scheme: Scheme, urls: dict[str, str]
) -> None:
    reader = make_user(scheme.supplier.organisation, Role.READER)

    got = statuses(client, reader, {name: urls[name] for name in READ}, "get")
    assert set(got.values()) == {200}, got
    got = statuses(client, reader, {name: urls[name] for name in ACT}, "get")
    assert set(got.values()) == {403}, got
    posts = ("sharing", "our_team", "our_team_agree", "facts", "our_correction", *ACT)
    got = statuses(client, reader, {name: urls[name] for name in posts}, "post")
    assert set(got.values()) == {403}, got
    assert client.get(reverse("portal:apply")).status_code == 403
    assert client.get(reverse("portal:site_add")).status_code == 403


def test_manager_sees_every_page(client: Client, scheme: Scheme, urls: dict[str, str]) -> None:
    wanted = {name: urls[name] for name in (*READ, *ACT) if name != "facts_accept"}
    got = statuses(client, scheme.manager, wanted, "get")

    assert set(got.values()) == {200}, got
    for name in (*LISTS, "apply", "site_add"):
        assert client.get(reverse(f"portal:{name}")).status_code == 200


def test_nobody_comes_in_without_signing_in(client: Client, urls: dict[str, str]) -> None:
    for url in urls.values():
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_speak_both_languages(
    client: Client, scheme: Scheme, urls: dict[str, str], language: str
) -> None:
    scheme.manager.locale = language
    scheme.manager.save()
    client.force_login(scheme.manager)
    words = {"ja": "いま貴社が行うこと", "en": "What you do now"}

    page = client.get(urls["our_audit"]).content.decode()
    assert words[language] in page
    assert f'<html lang="{language}">' in page
