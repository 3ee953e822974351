"""The routes of an application: which bodies suit, which may not, and choosing one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Designation, Organisation
from accounts.terms import Effect, Kind, Practice, Role
from audits.services.applying import choose_route
from audits.services.routes import Office, routes_of
from audits.terms import Status
from tests.audits.desks import client_of
from tests.factories import (
    Scheme,
    audit_at,
    make_auditor,
    make_engagement,
    make_organisation,
    make_user,
)

if TYPE_CHECKING:
    from datetime import date

    from pytest_django import DjangoAssertNumQueries

    from audits.auditors.models import Auditor
    from audits.models import Audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def draft(scheme: Scheme) -> Audit:
    return audit_at(Status.DRAFT, scheme)


def office(audit: Audit, body: Organisation) -> Office:
    found = [row for route in routes_of(audit) for row in route.offices if row.body == body]
    return found[0]


def attorney(scheme: Scheme, **fields: Any) -> Auditor:
    """Make the office of one attorney under a second secretariat."""
    federation = make_organisation(Kind.SECRETARIAT, practice=Practice.ATTORNEY)
    body = make_organisation(Kind.AUDIT_BODY, parent=federation)
    return make_auditor(body, standard=scheme.standard, **fields)


def over(auditor: Auditor) -> Organisation:
    """Return the secretariat over an auditor's body."""
    assert auditor.body.parent is not None
    return auditor.body.parent


def advise(scheme: Scheme, auditor: Auditor, ends_on: date | None = None) -> None:
    make_engagement(scheme.supplier, auditor.user, body=auditor.body, ends_on=ends_on)


def test_every_body_stands_under_its_secretariat(scheme: Scheme, draft: Audit) -> None:
    one = attorney(scheme)
    routes = {route.secretariat: [row.body for row in route.offices] for route in routes_of(draft)}

    assert routes == {scheme.secretariat: [scheme.body], over(one): [one.body]}
    assert office(draft, one.body).obstacles == ()
    assert office(draft, one.body).leads == 1


def test_who_advises_the_company_cannot_be_chosen(scheme: Scheme, draft: Audit) -> None:
    one = attorney(scheme)
    advise(scheme, one)
    assert "supports your company" in office(draft, one.body).obstacles[0]

    with pytest.raises(ValidationError, match="supports your company"):
        choose_route(actor=scheme.manager, audit=draft, secretariat=over(one), body=one.body)
    draft.refresh_from_db()
    assert draft.body == scheme.body


def test_advice_counts_as_long_as_the_settings_say(scheme: Scheme, draft: Audit) -> None:
    lately, long_ago = attorney(scheme), attorney(scheme)
    advise(scheme, lately, timezone.localdate() - timedelta(days=300))
    advise(scheme, long_ago, timezone.localdate() - timedelta(days=800))

    assert "24 months after that" in office(draft, lately.body).obstacles[0]
    assert office(draft, long_ago.body).obstacles == ()


def test_suspended_body_and_one_without_a_lead_say_so(scheme: Scheme, draft: Audit) -> None:
    suspended, empty = (
        attorney(scheme),
        make_organisation(parent=scheme.secretariat, kind=Kind.AUDIT_BODY),
    )
    Designation.objects.filter(organisation=suspended.body).update(
        suspended_at=timezone.now(), stops=[Effect.ACCEPT.value]
    )

    assert "take applications" in office(draft, suspended.body).obstacles[0]
    assert "no lead auditor" in office(draft, empty).obstacles[0]


def test_near_bodies_that_speak_the_languages_stand_first(scheme: Scheme, draft: Audit) -> None:
    assert draft.profile is not None
    draft.profile.languages = ["ja", "vi"]
    here = scheme.site.prefecture
    near = attorney(scheme, languages=["ja", "vi"], prefectures=[here])
    federation = over(near)
    rows = {}
    for name, languages, prefectures in (
        ("far", ["ja", "vi"], [1]),
        ("silent", ["ja"], [here]),
    ):
        body = make_organisation(Kind.AUDIT_BODY, parent=federation, name_ja=name)
        rows[name] = make_auditor(
            body, standard=scheme.standard, languages=languages, prefectures=prefectures
        )
    route = next(row for row in routes_of(draft) if row.secretariat == federation)

    assert [row.body for row in route.offices] == [near.body, rows["silent"].body, rows["far"].body]
    assert [row.missing for row in route.offices] == [(), ("Vietnamese",), ()]


def test_choice_is_recorded_once_and_moves_the_application(scheme: Scheme, draft: Audit) -> None:
    one = attorney(scheme)
    for _time in range(2):
        choose_route(actor=scheme.manager, audit=draft, secretariat=over(one), body=one.body)
    draft.refresh_from_db()

    assert (draft.secretariat, draft.body) == (over(one), one.body)
    assert draft.events.filter(act="route_chosen").count() == 1


def test_only_a_manager_chooses_and_only_in_a_draft(scheme: Scheme, draft: Audit) -> None:
    desk = make_user(scheme.body, Role.COORDINATOR)
    with pytest.raises(PermissionDenied):
        choose_route(actor=desk, audit=draft, secretariat=scheme.secretariat, body=None)

    other = Scheme()
    submitted = audit_at(Status.SUBMITTED, other)
    with pytest.raises(ValidationError, match="can no longer be changed"):
        choose_route(actor=other.manager, audit=submitted, secretariat=other.secretariat, body=None)


def test_body_of_another_secretariat_is_refused(scheme: Scheme, draft: Audit) -> None:
    one = attorney(scheme)
    with pytest.raises(ValidationError, match="another secretariat"):
        choose_route(
            actor=scheme.manager, audit=draft, secretariat=scheme.secretariat, body=one.body
        )


def test_page_offers_every_choice_and_keeps_one(scheme: Scheme, draft: Audit) -> None:
    one, tied = attorney(scheme), attorney(scheme)
    advise(scheme, tied)
    client = client_of(scheme.manager)
    url = reverse("portal:apply_route", args=[draft.number])
    page = client.get(url).content.decode()

    assert "By a labour and social security attorney" in page
    assert f'value="body-{one.body_id}"' in page
    assert f'value="body-{scheme.body.pk}" checked' in page
    assert f'value="body-{tied.body_id}" disabled' in page

    refused = client.post(url, {"choice": f"body-{tied.body_id}"})
    assert (refused.status_code, "supports your company" in refused.content.decode()) == (422, True)
    assert client.post(url, {"choice": "body-1"}).status_code == 422
    done = client.post(url, {"choice": f"secretariat-{over(one).pk}"})
    assert done["Location"] == reverse("portal:apply_check", args=[draft.number])
    draft.refresh_from_db()
    assert (draft.secretariat_id, draft.body) == (over(one).pk, None)


def test_body_is_found_by_its_name(scheme: Scheme, draft: Audit) -> None:
    one = attorney(scheme)
    Organisation.objects.filter(pk=one.body_id).update(
        name_ja="つむぎ社労士事務所", name_en="Tsumugi Office"
    )
    client = client_of(scheme.manager)
    url = reverse("portal:apply_route", args=[draft.number])

    page = client.get(url, {"q": "つむぎ"}).content.decode()
    assert "Tsumugi Office" in page
    assert "No body of this route has such a name" not in client.get(url).content.decode()
    assert "Tsumugi Office" not in client.get(url, {"q": "どこにもない"}).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_page_needs_no_more_queries_for_more_bodies(
    more: int, scheme: Scheme, draft: Audit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _one in range(1 + more):
        advise(scheme, attorney(scheme))
    client = client_of(scheme.manager)
    with django_assert_num_queries(25):
        client.get(reverse("portal:apply_route", args=[draft.number]))
