"""What a receipt of consent says, as plain data; its schema is docs/consent-receipt-v1.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.terms import Kind
from audits.standards.models import Standard
from reports.snapshot.people import acting
from reports.snapshot.values import Data, day, in_both, moment, names_of, pair_of, prefecture
from reports.terms import ConsentAct
from suppliers.showing import pieces_at
from suppliers.terms import Level

if TYPE_CHECKING:
    from suppliers.models import SharingGrant, Site

SCHEMA = "orime-consent-receipt"
SCHEMA_VERSION = 1
TIME_ZONE = "Asia/Tokyo"


def consent_of(
    grant: SharingGrant, act: ConsentAct, number: str, *, events: list[Data], replaces: Data | None
) -> Data:
    """Return what the receipt of an act says; `events` are those before it, oldest first."""
    level = Level(grant.level)
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "number": number,
        "act": act.value,
        "in_force": act != ConsentAct.WITHDRAWN,
        "time_zone": TIME_ZONE,
        "scheme": _scheme(),
        "parties": _parties(grant),
        "site": _site(grant.site),
        "consent": {
            "level": {"code": level.value, "name": in_both(lambda: str(level.label))},
            "shows": [
                {"code": piece.code, "text": in_both(lambda piece=piece: str(piece.text))}
                for piece in pieces_at(level)
            ],
            "future_results": grant.future,
            "ungraded_results": grant.ungraded,
            "starts_on": day(grant.starts_on),
            "ends_on": day(grant.ends_on),
            "purpose": grant.purpose,
        },
        "replaces": replaces,
        "withdrawal": _withdrawal(grant.site),
        "events": [*events, event_of(grant, act)],
    }


def event_of(grant: SharingGrant, act: ConsentAct) -> Data:
    """Return when an act took place and who did it."""
    over = act == ConsentAct.WITHDRAWN
    return {
        "act": act.value,
        "at": moment(grant.revoked_at if over else grant.created_at),
        "by": acting(
            grant.revoked_by if over else grant.granted_by, grant.site.supplier.organisation
        ),
    }


def _scheme() -> Data:
    usable = Standard.objects.usable_on(timezone.localdate())
    standard = usable.order_by("-effective_on").first()
    return {
        "name": pair_of(standard, "title") if standard else {"ja": "JASTI", "en": "JASTI"},
        "standard": standard.version if standard else "",
    }


def _parties(grant: SharingGrant) -> Data:
    """Return who consents, who keeps and shows the data, and who receives them."""
    supplier = grant.site.supplier
    owner = Organisation.objects.filter(kind=Kind.SCHEME_OWNER).order_by("created_at", "pk").first()
    return {
        "consenting": {
            "name": names_of(supplier),
            "corporate_number": supplier.corporate_number or "",
            "prefecture": prefecture(supplier.prefecture),
            "address": supplier.address,
        },
        "controller": {"name": names_of(owner)} if owner else None,
        "recipient": {"name": names_of(grant.brand)},
    }


def _site(site: Site) -> Data:
    return {
        "id": str(site.pk),
        "name": names_of(site),
        "prefecture": prefecture(site.prefecture),
        "address": site.address,
        "os_id": site.os_id,
    }


def _withdrawal(site: Site) -> Data:
    return {
        "address": f"{settings.SITE_URL.rstrip('/')}{reverse('portal:sharing', args=[site.pk])}",
        "how": in_both(
            lambda: _(
                "A person responsible for the site takes the permission back on the page of the "
                "address, without giving a reason."
            )
        ),
        "effect": in_both(
            lambda: _(
                "It takes effect at once: from that moment the recipient can no longer fetch "
                "anything about the site. What it fetched before stays with it."
            )
        ),
    }
