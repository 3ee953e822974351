"""The pages of one secretariat or body: what is permitted, the acts, the record and its chain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Designation, OrganisationEvent, User
from accounts.services.designating import suspend, version_of
from accounts.services.records import record
from accounts.terms import Effect, Kind, Role
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


class Place:
    """A secretariat with one body, read in English by its coordinator and by the owner."""

    def __init__(self) -> None:
        self.owner = make_user(
            make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR, locale="en"
        )
        self.secretariat = make_organisation(Kind.SECRETARIAT)
        self.coordinator = make_user(self.secretariat, Role.COORDINATOR, locale="en")
        self.body = make_organisation(Kind.AUDIT_BODY, parent=self.secretariat, name_en="Good body")
        self.desk = make_user(self.body, Role.COORDINATOR, locale="en")
        self.held = Designation.objects.get(organisation=self.body)

    def act(self, name: str) -> str:
        return reverse(f"console:{name}_designation", args=[self.body.pk, self.held.pk])

    def form(self, **fields: Any) -> dict[str, Any]:
        """Return what the form of an act sends that is filled in now."""
        return {"seen": version_of(Designation.objects.get(pk=self.held.pk)), **fields}

    @property
    def page(self) -> str:
        return reverse("console:organisation", args=[self.body.pk])


@pytest.fixture
def place() -> Place:
    return Place()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_life_of_a_designation_through_its_pages(place: Place) -> None:
    client = client_of(place.coordinator)
    form = text(client, place.act("suspend"))
    for effect in Effect:
        assert f'value="{effect.value}"' in form
    assert "Results that have been issued stay valid" in form

    nothing = client.post(place.act("suspend"), place.form(reason="研修未了"))
    assert nothing.status_code == 422
    assert "Choose at least one thing" in nothing.content.decode()
    stops = {"stops": ["accept", "verify"], "reason": "研修未了"}
    assert client.post(place.act("suspend"), place.form(**stops)).status_code == 302
    shown = text(client, place.page)
    assert "accept applications, verify corrective actions" in shown
    assert shown.count(">permitted<") == 4
    assert shown.count(">not permitted<") == 2
    assert "Designation suspended in part" in shown

    assert "Change the suspension" in text(client, place.act("suspend"))
    assert client.post(place.act("lift"), place.form(reason="")).status_code == 422
    assert client.post(place.act("lift"), place.form(reason="研修済")).status_code == 302
    assert client.get(place.act("lift")).status_code == 302
    late = (timezone.localdate() - timedelta(days=1)).isoformat()
    sent = place.form(reason="廃業", ends_on=late)
    assert client.post(place.act("end"), sent).status_code == 422
    today = timezone.localdate().isoformat()
    assert client.post(place.act("end"), {**sent, "ends_on": today}).status_code == 302
    shown = text(client, place.page)
    for title in ("Suspension of the designation lifted", "End of the designation fixed"):
        assert title in shown
    Designation.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.get(place.act("suspend")).status_code == 302
    over = client.post(place.act("suspend"), place.form(**stops))
    assert over.status_code == 422
    assert "can no longer be changed" in over.content.decode()


def test_form_that_was_opened_before_somebody_elses_act_changes_nothing(place: Place) -> None:
    """What the other decided for a graver reason must not be replaced unseen."""
    client = client_of(place.owner)
    suspend(actor=place.owner, designation=place.held, stops=["verify"], reason="研修未了")
    address = place.act("suspend")
    seen = client.get(address).context["form"]["seen"].value()
    suspend(actor=place.owner, designation=place.held, stops=["issue", "perform"], reason="虚偽")

    today = timezone.localdate().isoformat()
    for name, fields, entered in (
        ("suspend", {"stops": ["accept"]}, "You had entered: accept applications"),
        ("lift", {}, ""),
        ("end", {"ends_on": today}, "You had entered:"),
    ):
        answer = client.post(place.act(name), {"seen": seen, "reason": "軽微", **fields})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "Somebody else changed this designation in the meantime." in shown
        assert entered in shown
        # How it stands now, and what was written is not lost.
        assert "虚偽" in shown
        assert "軽微" in shown
    place.held.refresh_from_db()
    assert (place.held.stops, place.held.ends_on) == (["perform", "issue"], None)

    form = client.post(address, {"seen": seen, "reason": "軽微", "stops": ["accept"]}).context[
        "form"
    ]
    assert form["stops"].value() == ["perform", "issue"]
    again = {"seen": form["seen"].value(), "reason": "軽微", "stops": ["accept"]}
    assert client.post(address, again).status_code == 302
    assert client.post(address, {"reason": "x", "stops": ["issue"]}).status_code == 422


def test_page_offers_a_secretariat_nothing_on_what_the_owner_stopped(place: Place) -> None:
    suspend(actor=place.owner, designation=place.held, stops=["accept"], reason="調査中")
    client = client_of(place.coordinator)

    page = text(client, place.page)

    assert "Only the scheme owner changes or lifts it, or ends the designation." in page
    assert place.act("lift") not in page
    assert place.act("suspend") not in page
    assert place.act("end") not in page
    assert reverse("console:designate", args=[place.body.pk]) not in page
    for name in ("lift", "suspend", "end"):
        assert client.get(place.act(name)).status_code == 403
    assert place.act("lift") in text(client_of(place.owner), place.page)


def test_others_read_and_do_not_act(place: Place) -> None:
    suspend(actor=place.owner, designation=place.held, stops=["accept"], reason="研修未了")
    stranger = make_user(make_organisation(Kind.AUDIT_BODY), Role.COORDINATOR, locale="en")
    for person, reads in ((place.desk, True), (stranger, False)):
        client = client_of(person)
        shown = text(client, place.page)
        assert "Suspend in part" not in shown
        assert ("Designation suspended in part" in shown) is reads
        for name in ("suspend", "lift", "end"):
            assert client.get(place.act(name)).status_code == 403
            assert client.post(place.act(name), {"reason": "x"}).status_code == 403


def test_designation_belongs_to_the_organisation_of_the_address(place: Place) -> None:
    other = make_organisation(Kind.AUDIT_BODY, parent=place.secretariat)
    address = reverse("console:suspend_designation", args=[other.pk, place.held.pk])

    assert client_of(place.owner).get(address).status_code == 404
    brand = make_organisation(Kind.BRAND)
    page = reverse("console:organisation", args=[brand.pk])
    assert client_of(place.owner).get(page).status_code == 404


def test_records_are_listed_narrowed_and_downloaded(place: Place) -> None:
    other = make_organisation(Kind.AUDIT_BODY, name_en="Foreign body")
    suspend(actor=place.owner, designation=place.held, stops=["accept"], reason="研修未了")
    record(organisation=other, actor=None, act="unheard_of", comment="よその記録")
    address = reverse("console:organisation_records")

    everything = text(client_of(place.owner), address)
    assert "Good body" in everything
    assert "unheard_of" in everything
    own = text(client_of(place.coordinator), address)
    assert "研修未了" in own
    assert "よその記録" not in own
    narrowed = text(client_of(place.owner), f"{address}?organisation={place.body.pk}")
    assert "よその記録" not in narrowed
    assert "Nothing fits" in text(client_of(place.owner), f"{address}?who=nobody")
    sheet = client_of(place.owner).get(f"{address}?format=csv")
    assert "Stopped: accept applications" in sheet.getvalue().decode()
    workbook = client_of(place.owner).get(f"{address}?format=xlsx")
    assert workbook.getvalue().startswith(b"PK")


def test_chains_are_verified_by_those_who_see_them(place: Place) -> None:
    suspend(actor=place.owner, designation=place.held, stops=["accept"], reason="研修未了")
    address = reverse("console:organisation_records")

    one = client_of(place.desk).post(address, {"organisation": str(place.body.pk)})
    assert "is complete and unchanged. (Good body)" in one.content.decode()
    assert client_of(place.desk).post(address, {"all": "1"}).status_code == 403
    assert client_of(place.owner).post(address, {"all": "1"}).status_code == 200
    stranger = make_user(make_organisation(Kind.AUDIT_BODY), Role.COORDINATOR)
    for wrong in (str(place.body.pk), "x", ""):
        assert client_of(stranger).post(address, {"organisation": wrong}).status_code == 404


def test_changed_record_is_shown_as_broken(place: Place) -> None:
    event = record(organisation=place.body, actor=None, act="designated")
    OrganisationEvent(
        organisation=place.body,
        act="designated",
        sequence=3,
        at=event.at,
        previous_hash="0" * 64,
        hash="0" * 64,
    ).save(force_insert=True)

    shown = client_of(place.owner).post(reverse("console:organisation_records"), {"all": "1"})
    assert "The record was changed or is incomplete" in shown.content.decode()


@pytest.mark.parametrize(
    ("name", "queries"), [("designations", 5), ("organisation_records", 8), ("organisation", 7)]
)
def test_pages_ask_the_database_the_same_for_more_rows(
    place: Place, name: str, queries: int, django_assert_num_queries: Any
) -> None:
    client = client_of(place.owner)
    arguments = [place.secretariat.pk] if name == "organisation" else []
    record(organisation=place.secretariat, actor=place.owner, act="designated")
    for more in (0, 2):
        for _number in range(more):
            body = make_organisation(Kind.AUDIT_BODY, parent=place.secretariat)
            record(organisation=body, actor=make_user(), act="designated")
            record(organisation=place.secretariat, actor=make_user(), act="designated")
        with django_assert_num_queries(queries):
            assert client.get(reverse(f"console:{name}", args=arguments)).status_code == 200
