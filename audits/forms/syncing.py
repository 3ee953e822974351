"""What a tablet sends, read and checked before a service looks at it: a batch, or one photo."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from audits.content.pictures import FIRST_YEAR
from audits.services.fieldwork import FIELDS
from audits.services.receipts import Receipt, check_receipts
from audits.services.syncing import MOST_ITEMS, Done, Item, canonical, sync_findings, sync_photo
from audits.tasks import queue_thumbnail
from audits.terms import EvidenceClass
from ui.forms import ServiceForm

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from audits.models import Audit

HEX = re.compile(r"[0-9a-f]{64}")
LISTS = ("methods", "clauses_not_met")
MOST_IN_A_LIST = 50
LONGEST_CODE = 12


@dataclass(frozen=True)
class Batch:
    """A batch of findings as a tablet sent it: which tablet, whose work, what."""

    client: UUID
    person: UUID | None
    items: list[Item]

    def save(self, *, actor: User, audit: Audit) -> list[Done]:
        """Save the findings; raises what the service raises."""
        return sync_findings(actor=actor, audit=audit, items=self.items)


def read_batch(body: bytes) -> Batch:
    """Return the batch; an item that is wrong in itself says so and is refused alone.

    Raises ValidationError with code `too_many` for too many items, with another for a body that is
    not a batch at all.
    """
    try:
        data = json.loads(body)
        client, listed = UUID(data["client"]), list(data["items"])
        person = None if data.get("person") is None else UUID(data["person"])
        keys = [UUID(one["key"]) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValidationError(
            _("What the tablet sent cannot be read. Load the tablet page anew and send it again."),
            code="unreadable",
        ) from error
    if len(listed) > MOST_ITEMS:
        raise ValidationError(
            _("At most %(limit)d findings can be sent at once. Send them in several batches."),
            code="too_many",
            params={"limit": MOST_ITEMS},
        )
    return Batch(client, person, [_item(key, one) for key, one in zip(keys, listed, strict=True)])


def _item(key: UUID, one: dict[str, Any]) -> Item:
    sha256, fields = str(one.get("sha256", ""))[:64], one.get("fields")
    code, version = one.get("code"), one.get("version")
    if (
        one.get("kind") != "finding"
        or not isinstance(code, str)
        or len(code) > LONGEST_CODE
        # Neither NUL nor half a character may reach the database as a question.
        or not code.isprintable()
        or not isinstance(version, int)
        or not HEX.fullmatch(sha256)
        or not isinstance(fields, dict)
        or not _plain(fields)
    ):
        return Item(key, sha256, wrong=_("The finding cannot be read. Save it anew."))
    try:
        arrived = hashlib.sha256(canonical(fields)).hexdigest()
    except UnicodeEncodeError:
        wrong = _("The text has a character that cannot be kept. Write it anew.")
        return Item(key, sha256, wrong=wrong)
    if arrived != sha256:
        wrong = _("The finding did not arrive as it was sent. Send it again.")
        return Item(key, sha256, wrong=wrong)
    return Item(key, sha256, code, version, fields)


def _plain(fields: dict[str, Any]) -> bool:
    """Say whether every field is known and of the type that it has in the database."""
    for name, value in fields.items():
        if name not in FIELDS:
            return False
        if name in LISTS:
            if not isinstance(value, list) or len(value) > MOST_IN_A_LIST:
                return False
            if not all(isinstance(one, str) for one in value):
                return False
        elif not isinstance(value, str):
            return False
    return True


class TakenAtField(forms.DateTimeField):
    """When a photo was taken; what a tablet garbles is no time, and no reason to refuse the photo."""

    def clean(self, value: Any) -> datetime | None:
        """Return the moment, or None."""
        try:
            taken: datetime | None = super().clean(value)
        except ValidationError:
            return None
        # A clock that was never set, or is ahead.
        known = taken and taken.year >= FIRST_YEAR and taken <= timezone.now() + timedelta(days=1)
        return taken if known else None


class SyncPhotoForm(forms.Form):
    """One photo or document that a tablet sends."""

    client = forms.UUIDField()
    person = forms.UUIDField(required=False)
    key = forms.UUIDField()
    sha256 = forms.RegexField(HEX)
    code = forms.CharField(max_length=LONGEST_CODE)
    caption = forms.CharField(max_length=200, required=False)
    evidence_class = forms.ChoiceField(choices=EvidenceClass.choices)
    taken_at = TakenAtField(required=False)
    photo = forms.FileField(allow_empty_file=True)

    def save(self, *, actor: User, audit: Audit) -> Done:
        """Keep the photo; raises what the service raises."""
        data = self.cleaned_data
        done = sync_photo(
            actor=actor,
            audit=audit,
            key=data["key"],
            sha256=data["sha256"],
            file=data["photo"],
            name=data["photo"].name,
            code=data["code"],
            caption=data["caption"],
            evidence_class=EvidenceClass(data["evidence_class"]),
            taken_at=data["taken_at"],
        )
        if done.evidence:
            queue_thumbnail(done.evidence)
        return done


class ReceiptForm(ServiceForm):
    """Check receipts that a tablet has; `made` is what they say."""

    receipts = forms.CharField(
        label=gettext_lazy("Receipts, one each line"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        max_length=1_000_000,
        help_text=gettext_lazy(
            "On the tablet page, under “Receipts”, each receipt can be checked here by its button, "
            "or copied."
        ),
    )
    refused_at = "receipts"

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit = audit

    def act(self) -> list[Receipt]:
        """Hold them against what the server has."""
        return check_receipts(self.audit, self.cleaned_data["receipts"])
