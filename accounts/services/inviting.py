"""Inviting people: who may, the letter with its link, accepting, declining, and leaving again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from accounts import policies
from accounts.letters import letter
from accounts.models import Invitation, Membership, Notice, Organisation, User
from accounts.services.notices import notify
from accounts.services.records import record
from accounts.terms import ROLES_OF, Kind, Locale, Role

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.letters import Message
    from accounts.models.organisations import OrganisationQuerySet

INVITED = letter(
    "invited",
    gettext_lazy("%(name)s invites you to act for %(organisation)s (%(role)s)."),
    to=(gettext_lazy("Whoever is invited"),),
    when=gettext_lazy("Somebody is invited into an organisation."),
    group=gettext_lazy("People"),
    urgent=True,
    examples={
        "name": gettext_lazy("The general affairs manager"),
        "organisation": gettext_lazy("Mihon Weaving Co., Ltd."),
        "role": Role.MANAGER.label,
    },
    example_body=gettext_lazy("Open the page, set a password and accept."),
)
JOINED = letter(
    "joined",
    gettext_lazy("%(name)s now acts for %(organisation)s (%(role)s)."),
    to=(gettext_lazy("Whoever invited, and the managers of the organisation"),),
    when=gettext_lazy("An invitation is accepted."),
    group=gettext_lazy("People"),
    examples={
        "name": gettext_lazy("The invited person"),
        "organisation": gettext_lazy("Mihon Weaving Co., Ltd."),
        "role": Role.MANAGER.label,
    },
)
# Who runs an organisation, and is told of who comes.
HEADS = (Role.ADMINISTRATOR, Role.MANAGER)


def manages_people(actor: User, organisation: Organisation) -> bool:
    """Say whether the actor invites people into an organisation and ends their roles.

    The organisation's administrators and a supplier's managers; the secretariat over a body; the
    scheme owner everywhere.
    """
    if policies.administers_scheme(actor) or policies.holds(
        actor, organisation.pk, Role.ADMINISTRATOR
    ):
        return True
    if organisation.kind == Kind.SUPPLIER:
        return policies.holds(actor, organisation.pk, Role.MANAGER)
    return policies.coordinates(actor, organisation.parent_id)


def may_invite(actor: User, organisation: Organisation) -> bool:
    """Say whether the actor may invite: who manages its people, or, while it has nobody, a secretariat.

    A secretariat brings a supplier in; once somebody acts for it, the supplier invites by itself.
    """
    if manages_people(actor, organisation):
        return True
    desk = policies.organisation_ids(
        actor, Kind.SECRETARIAT, {Role.COORDINATOR, Role.ADMINISTRATOR}
    )
    return bool(desk) and organisation.kind == Kind.SUPPLIER and not _heads(organisation)


def looked_after_by(actor: User) -> OrganisationQuerySet:
    """Return the organisations of `manages_people` and `may_invite`, and suppliers for a secretariat.

    A secretariat finds suppliers that have people as well: there it reads who runs them.
    """
    rows = Organisation.objects.all()
    if policies.administers_scheme(actor):
        return rows
    desks = {Role.ADMINISTRATOR, Role.COORDINATOR}
    secretariats = policies.organisation_ids(actor, Kind.SECRETARIAT, desks)
    rule = (
        Q(pk__in=policies.organisation_ids(actor, roles={Role.ADMINISTRATOR}))
        | Q(pk__in=policies.organisation_ids(actor, Kind.SUPPLIER, {Role.MANAGER}))
        | Q(parent__in=secretariats)
    )
    if secretariats:
        rule |= Q(kind=Kind.SUPPLIER)
    return rows.filter(rule)


@transaction.atomic
def invite(
    *,
    actor: User,
    organisation: Organisation,
    email: str,
    name: str,
    role: str,
    locale: str = Locale.JAPANESE,
) -> Invitation:
    """Ask somebody to act for an organisation; a letter with a link goes to the address.

    Whoever is new gets an account that opens with the link. Raises PermissionDenied for others than
    `may_invite` lets in, ValidationError for a role that the organisation does not have, for who
    holds it already or is invited already, and for who would act for a brand and for others.
    """
    if not may_invite(actor, organisation):
        raise PermissionDenied(_("People are invited by an administrator of the organisation."))
    if role not in ROLES_OF[Kind(organisation.kind)]:
        raise ValidationError({"role": [_("Choose a role that this organisation has.")]})
    # A second click waits here, and reads that the first one has invited.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    user = _person(email.strip(), name, locale)
    if user.is_service or not user.is_active:
        raise ValidationError({"email": [_("This address cannot be invited. Use another one.")]})
    if _mixes_with_a_brand(user, organisation):
        raise ValidationError(
            {"email": [_("Who acts for a brand needs an address for that alone. Use another one.")]}
        )
    if Membership.objects.in_force().filter(user=user, organisation=organisation, role=role):
        raise ValidationError({"email": [_("This person has the role already.")]})
    waiting = Invitation.objects.filter(user=user, organisation=organisation, role=role)
    if waiting.open().exists():
        raise ValidationError(
            {"email": [_("This person is invited already. Send the invitation again instead.")]}
        )
    waiting.filter(answered_at=None).update(answered_at=timezone.now())
    invitation = Invitation.objects.create(
        user=user, organisation=organisation, role=role, invited_by=actor, expires_at=_expiry()
    )
    _record(invitation, actor, "person_invited")
    _send(invitation, actor)
    return invitation


@transaction.atomic
def invite_again(*, actor: User, invitation: Invitation) -> Invitation:
    """Send an unanswered invitation once more; its time begins anew.

    Not before the pause between two mails is over: nobody's mailbox is flooded with it.
    """
    invitation = _unanswered(invitation)
    if not may_invite(actor, invitation.organisation):
        raise PermissionDenied
    if not invitation.user.is_active:
        raise ValidationError(
            _("This account is closed: no letter reaches it. Take the invitation back."),
            code="closed",
        )
    pause = settings.MAIL_PAUSE_MINUTES
    letters = Notice.objects.filter(recipient=invitation.user, kind=INVITED.code)
    if letters.filter(created_at__gt=timezone.now() - timedelta(minutes=pause)).exists():
        raise ValidationError(
            _(
                "The invitation was sent a moment ago. It can be sent again after %(minutes)d minutes."
            ),
            params={"minutes": pause},
            code="too_soon",
        )
    invitation.expires_at = _expiry()
    invitation.save(update_fields=["expires_at"])
    _send(invitation, actor)
    return invitation


@transaction.atomic
def take_back_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """Take an unanswered invitation back; its link opens nothing any more."""
    invitation = _unanswered(invitation)
    if not may_invite(actor, invitation.organisation):
        raise PermissionDenied
    invitation.answered_at = timezone.now()
    invitation.save(update_fields=["answered_at"])
    _record(invitation, actor, "invitation_taken_back")
    return invitation


@transaction.atomic
def answer_invitation(*, actor: User, invitation: Invitation, accepted: bool) -> Invitation:
    """Accept or decline an invitation of one's own; with acceptance the role is held.

    Raises PermissionDenied for anybody else's, ValidationError when it was answered, taken back or
    has expired.
    """
    invitation = _unanswered(invitation)
    if invitation.user_id != actor.pk:
        raise PermissionDenied
    if not invitation.is_open:
        raise ValidationError(_("The invitation has expired. Ask for a new one."), code="expired")
    invitation.answered_at, invitation.accepted = timezone.now(), accepted
    invitation.save(update_fields=["answered_at", "accepted"])
    if accepted:
        Membership.objects.update_or_create(
            user=actor,
            organisation=invitation.organisation,
            role=invitation.role,
            defaults={"ends_on": None},
        )
        actor.__dict__.pop("positions", None)
    _record(invitation, actor, "person_joined" if accepted else "invitation_declined")
    if accepted:
        told = {invitation.invited_by, *_heads(invitation.organisation)} - {actor}
        notify(told, f"joined:{invitation.pk}", lambda: _words(invitation, actor, joined=True))
    return invitation


@transaction.atomic
def end_membership(*, actor: User, membership: Membership) -> Membership:
    """End somebody's role today; what he or she did stays in the records.

    Raises PermissionDenied for others than who manages the organisation's people, ValidationError
    for the last one who does, and when the role has ended.
    """
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    if not manages_people(actor, organisation):
        raise PermissionDenied(_("Roles are ended by an administrator of the organisation."))
    if not Membership.objects.in_force().filter(pk=membership.pk).exists():
        raise ValidationError(_("This role has ended in the meantime."), code="moved_on")
    if membership.role in HEADS and set(_heads(organisation)) <= {membership.user}:
        raise ValidationError(
            _("Nobody would be left to act for the organisation. Invite somebody else first.")
        )
    membership.ends_on = timezone.localdate() - timedelta(days=1)
    membership.save(update_fields=["ends_on"])
    record(
        organisation=organisation,
        actor=actor,
        act="role_ended",
        payload={"person": str(membership.user_id), "role": membership.role},
    )
    return membership


# --- parts -----------------------------------------------------------------------------------


def _person(email: str, name: str, locale: str) -> User:
    """Return whom an address belongs to; a new person when nobody.

    The name is one line: it greets in letters, and its writer has no word in what stands below.
    """
    known = User.objects.filter(email__iexact=email)
    user: User | None = known.first()
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, name=" ".join(name.split()), locale=locale)
        except (IntegrityError, ValidationError):
            # Another organisation may have invited the same new person at this moment.
            user = known.first()
            if user is None:
                raise
    return user


def _mixes_with_a_brand(user: User, organisation: Organisation) -> bool:
    """Say whether somebody would act for a brand, and with the same account for others than brands.

    An account of a brand sees what was shared with it and nothing else, whatever else it is: an
    auditor would no longer see the own audit, a supplier not its results.
    """
    places = Membership.objects.in_force().filter(user=user).values_list("organisation__kind")
    asked = Invitation.objects.open().filter(user=user).values_list("organisation__kind")
    brand = organisation.kind == Kind.BRAND
    return any((kind == Kind.BRAND) != brand for (kind,) in {*places, *asked})


def _heads(organisation: Organisation) -> list[User]:
    places = Membership.objects.in_force().filter(organisation=organisation, role__in=HEADS)
    return [place.user for place in places.select_related("user") if place.user.is_active]


def _unanswered(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(
        "organisation", "user", "invited_by"
    )
    row = rows.get(pk=invitation.pk)
    if row.answered_at is not None:
        raise ValidationError(
            _("The invitation has been answered or taken back in the meantime."), code="moved_on"
        )
    return row


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.ORIME_INVITATION_DAYS)


def _record(invitation: Invitation, actor: User, act: str) -> None:
    record(
        organisation=invitation.organisation,
        actor=actor,
        act=act,
        payload={"person": str(invitation.user_id), "role": invitation.role},
    )


def _send(invitation: Invitation, actor: User) -> None:
    notify(
        [invitation.user],
        f"invited:{invitation.pk}:{timezone.now():%Y%m%d%H%M%S}",
        lambda: _words(invitation, actor),
    )


def _words(invitation: Invitation, who: User, *, joined: bool = False) -> Message:
    facts = {
        "name": who.name,
        "organisation": invitation.organisation.name,
        "role": invitation.get_role_display(),
    }
    if joined:
        path = reverse("people_of", args=[invitation.organisation_id])
        return JOINED.message(facts, path=path)
    return INVITED.message(facts, path=reverse("invitation", args=[invitation.pk]))
