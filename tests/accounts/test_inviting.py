"""Inviting people into an organisation, opening an account, and ending a role."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, Membership, Notice, Organisation, OrganisationEvent, User
from accounts.services.inviting import (
    answer_invitation,
    end_membership,
    invite,
    invite_again,
    looked_after_by,
    may_invite,
    take_back_invitation,
)
from accounts.services.mailing import send_notices
from accounts.services.opening import link_of, open_account, person_of
from accounts.services.records import verify_organisations
from accounts.terms import Kind, Role
from tests.audits.desks import client_of
from tests.factories import make_organisation, make_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.mail import EmailMessage
    from pytest_django import DjangoAssertNumQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PASSWORD = "koke-no-musu-iwa"


@pytest.fixture
def company() -> Organisation:
    return make_organisation(Kind.SUPPLIER)


@pytest.fixture
def manager(company: Organisation) -> User:
    return make_user(company, Role.MANAGER)


@pytest.fixture(autouse=True)
def records_hold() -> Iterator[None]:
    yield
    assert verify_organisations()[1] == []


def ask(
    actor: User, organisation: Organisation, email: str = "new@example.org", **more: str
) -> Invitation:
    given = {"name": "新任 担当", "role": Role.READER, **more}
    return invite(actor=actor, organisation=organisation, email=email, **given)


def an_hour_later() -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(hours=1), tick=False)


def test_invited_person_opens_the_account_and_acts(
    company: Organisation, manager: User, mailoutbox: list[EmailMessage]
) -> None:
    invitation = ask(manager, company, role=Role.MANAGER)
    notice = Notice.objects.get(recipient=invitation.user)
    assert not Membership.objects.filter(user=invitation.user).exists()
    assert notice.urgent
    send_notices()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["new@example.org"]]
    link = re.findall(r"/welcome/[^/\s]+/", str(mail.body))[0]
    assert link not in f"{notice.path} {notice.body}"

    client = Client()
    assert company.name in client.get(link, headers={"accept-language": "en"}).content.decode()
    wrong = client.post(link, {"password": PASSWORD, "again": "another-password"})
    weak = client.post(link, {"password": "short", "again": "short"})
    assert (wrong.status_code, weak.status_code) == (422, 422)
    done = client.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert done["Location"] == reverse("home")

    assert Membership.objects.get(user=invitation.user).role == Role.MANAGER
    assert client.get(reverse("people_of", args=[company.pk])).status_code == 200
    assert client.get(link).status_code == 410
    assert Notice.objects.filter(recipient=manager, kind="joined").count() == 1


def test_somebody_with_an_account_is_asked_and_may_decline(
    company: Organisation, manager: User
) -> None:
    auditor = make_user(make_organisation(Kind.AUDIT_BODY), Role.AUDITOR)
    invitation = ask(manager, company, email=auditor.email.upper())
    assert invitation.user == auditor
    page = reverse("invitation", args=[invitation.pk])
    assert Notice.objects.get(recipient=auditor).path == page

    client = client_of(auditor)
    assert company.name in client.get(page).content.decode()
    client.post(page, {"answer": "no"})
    invitation.refresh_from_db()
    assert invitation.accepted is False
    assert not Membership.objects.filter(user=auditor, organisation=company).exists()
    assert client_of(manager).get(page).status_code == 404


def test_link_is_of_one_person_expires_and_opens_once(company: Organisation, manager: User) -> None:
    user = ask(manager, company).user
    token = link_of(user).split("/")[2]

    assert person_of(token) == user
    assert person_of(token + "x") is None
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        assert person_of(token) is None
    open_account(user=user, password=PASSWORD)
    assert person_of(token) is None
    with pytest.raises(ValidationError, match="open already"):
        open_account(user=user, password=PASSWORD)


def test_invitation_that_expired_or_was_taken_back_opens_an_account_without_a_role(
    company: Organisation, manager: User
) -> None:
    late, taken = ask(manager, company), ask(manager, company, email="other@example.org")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    take_back_invitation(actor=manager, invitation=taken)
    for invitation in (late, taken):
        open_account(user=invitation.user, password=PASSWORD)
        with pytest.raises(ValidationError):
            answer_invitation(actor=invitation.user, invitation=invitation, accepted=True)
    assert not Membership.objects.filter(user__in=[late.user, taken.user]).exists()

    with pytest.raises(ValidationError, match="sent a moment ago"):
        invite_again(actor=manager, invitation=late)
    with an_hour_later():
        again = invite_again(actor=manager, invitation=late)
    answer_invitation(actor=late.user, invitation=again, accepted=True)
    assert Membership.objects.filter(user=late.user).exists()


def test_secretariat_brings_a_supplier_in_and_then_leaves_it_alone(company: Organisation) -> None:
    secretariat = make_organisation(Kind.SECRETARIAT)
    desk = make_user(secretariat, Role.COORDINATOR)
    assert may_invite(desk, company)
    first = ask(desk, company, role=Role.MANAGER)
    open_account(user=first.user, password=PASSWORD)

    assert not may_invite(desk, company)
    with pytest.raises(PermissionDenied):
        ask(desk, company, email="second@example.org")
    body = make_organisation(Kind.AUDIT_BODY, parent=secretariat)
    assert may_invite(desk, body)
    assert not may_invite(desk, make_organisation(Kind.AUDIT_BODY))
    assert not may_invite(desk, make_organisation(Kind.BRAND))


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.SUPPLIER, Role.READER),
        (Kind.SECRETARIAT, Role.REVIEWER),
        (Kind.AUDIT_BODY, Role.COORDINATOR),
        (Kind.BRAND, Role.ADMINISTRATOR),
        (Kind.OBSERVER, Role.READER),
    ],
)
def test_nobody_else_invites(company: Organisation, manager: User, kind: Kind, role: Role) -> None:
    stranger = make_user(make_organisation(kind), role)
    with pytest.raises(PermissionDenied):
        ask(stranger, company)
    invitation = ask(manager, company)
    for act in (invite_again, take_back_invitation):
        with pytest.raises(PermissionDenied):
            act(actor=stranger, invitation=invitation)
    with pytest.raises(PermissionDenied):
        answer_invitation(actor=stranger, invitation=invitation, accepted=True)
    with pytest.raises(PermissionDenied):
        end_membership(actor=stranger, membership=manager.memberships.get())


def test_role_of_another_kind_and_second_invitation_are_refused(
    company: Organisation, manager: User
) -> None:
    for role in (Role.REVIEWER, Role.AUDITOR, "chief"):
        with pytest.raises(ValidationError, match="role that this organisation has"):
            ask(manager, company, role=role)
    ask(manager, company)
    with pytest.raises(ValidationError, match="invited already"):
        ask(manager, company, email="NEW@example.org")
    with pytest.raises(ValidationError, match="has the role already"):
        ask(manager, company, email=manager.email, role=Role.MANAGER)


def test_last_manager_stays_and_others_leave_with_a_trace(
    company: Organisation, manager: User
) -> None:
    with pytest.raises(ValidationError, match="Nobody would be left"):
        end_membership(actor=manager, membership=manager.memberships.get())
    colleague = make_user(company, Role.MANAGER)
    client = client_of(manager)
    client.post(reverse("end_role", args=[company.pk, colleague.memberships.get().pk]))

    assert client_of(colleague).get(reverse("people_of", args=[company.pk])).status_code == 404
    assert OrganisationEvent.objects.filter(organisation=company, act="role_ended").count() == 1


def test_role_ends_once(company: Organisation, manager: User) -> None:
    place = make_user(company, Role.MANAGER).memberships.get()
    end_membership(actor=manager, membership=place)

    with pytest.raises(ValidationError, match="has ended in the meantime"):
        end_membership(actor=manager, membership=place)
    assert OrganisationEvent.objects.filter(act="role_ended").count() == 1


def test_name_of_somebody_new_is_one_line(
    company: Organisation, manager: User, mailoutbox: list[EmailMessage]
) -> None:
    invitation = ask(manager, company, name="見本\r\n\nOpen  https://evil.example/", locale="en")

    assert invitation.user.name == "見本 Open https://evil.example/"
    send_notices()
    assert "Dear 見本 Open https://evil.example/," in str(mailoutbox[0].body)


def test_desk_sees_what_a_colleague_sent_and_sends_it_again(company: Organisation) -> None:
    secretariat = make_organisation(Kind.SECRETARIAT)
    desk, colleague = (make_user(secretariat, Role.COORDINATOR) for _number in range(2))
    invitation = ask(desk, company, role=Role.MANAGER)
    client = client_of(colleague)
    page = reverse("people_of", args=[company.pk])

    assert "new@example.org" in client.get(page).content.decode()
    change = reverse("change_invitation", args=[company.pk, invitation.pk])
    assert client.post(change, {"do": "take_back"})["Location"] == page
    assert not Invitation.objects.open().exists()
    reviewer = make_user(secretariat, Role.REVIEWER)
    assert not Invitation.objects.visible_to(reviewer).exists()


def test_account_of_a_brand_is_for_that_alone(company: Organisation, manager: User) -> None:
    brand = make_organisation(Kind.BRAND)
    chief = make_user(brand, Role.ADMINISTRATOR)
    ask(manager, company)

    with pytest.raises(ValidationError, match="for that alone"):
        ask(chief, brand)  # invited elsewhere, not answered yet
    with pytest.raises(ValidationError, match="for that alone"):
        ask(chief, brand, email=manager.email)
    with pytest.raises(ValidationError, match="for that alone"):
        ask(manager, company, email=chief.email)
    second = make_organisation(Kind.BRAND)
    head = make_user(second, Role.ADMINISTRATOR)
    assert ask(head, second, email=chief.email).user == chief


def test_invitation_of_a_closed_account_is_not_sent_again(
    company: Organisation, manager: User
) -> None:
    invitation = ask(manager, company)
    User.objects.filter(pk=invitation.user_id).update(is_active=False)

    with pytest.raises(ValidationError, match="closed"):
        invite_again(actor=manager, invitation=invitation)


def test_page_invites_and_sends_again(company: Organisation, manager: User) -> None:
    client = client_of(manager)
    page = reverse("people_of", args=[company.pk])
    assert client.get(reverse("people"))["Location"] == page
    assert client.post(page, {"email": "wrong"}).status_code == 422
    given = {"email": "new@example.org", "name": "新任 担当", "role": "reader", "locale": "en"}
    assert client.post(page, given)["Location"] == page
    invitation = Invitation.objects.get()
    change = reverse("change_invitation", args=[company.pk, invitation.pk])

    assert "new@example.org" in client.get(page).content.decode()
    with an_hour_later():
        client.post(change, {"do": "again"})
    assert Notice.objects.filter(recipient=invitation.user, kind="invited").count() == 2
    client.post(change, {"do": "take_back"})
    assert "new@example.org" not in client.get(page).content.decode()
    assert client.post(change, {"do": "again"}).status_code == 302
    assert client.post(change, {"do": "burn"}).status_code == 404


@pytest.mark.parametrize("more", [1, 3])
def test_lists_need_no_more_queries_for_more_rows(
    more: int,
    company: Organisation,
    manager: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    owner = make_user(make_organisation(Kind.SCHEME_OWNER), Role.ADMINISTRATOR)
    for number in range(more):
        make_user(make_organisation(Kind.SUPPLIER), Role.MANAGER)
        make_user(company, Role.READER)
        ask(manager, company, email=f"{number}@example.org")
    client = client_of(owner)
    with django_assert_num_queries(6):
        client.get(reverse("people"))
    with django_assert_num_queries(7):
        client.get(reverse("people_of", args=[company.pk]))


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.MANAGER, Role.READER])
def test_list_holds_all_that_may_be_managed_and_nothing_of_strangers(
    kind: Kind, role: Role
) -> None:
    organisation = make_organisation(kind)
    person = make_user(organisation, role)
    if kind == Kind.SECRETARIAT:
        make_organisation(Kind.AUDIT_BODY, parent=organisation)
    for other in Kind:
        make_user(make_organisation(other), Role.MANAGER)
    listed = set(looked_after_by(person))
    managed = {row for row in Organisation.objects.all() if may_invite(person, row)}

    assert managed <= listed
    # A secretariat reads who runs a supplier that it may not invite into any more.
    assert {row.kind for row in listed - managed} <= {Kind.SUPPLIER}
    assert listed == managed or kind == Kind.SECRETARIAT
