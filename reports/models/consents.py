"""Receipts of consent: what a supplier said to a brand about sharing, and the papers that say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.ids import uuid7
from reports.models.frozen import Frozen, FrozenQuerySet
from reports.models.papers import Paper, PaperQuerySet
from reports.terms import ConsentAct
from suppliers.models import SharingGrant

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ConsentReceiptQuerySet(FrozenQuerySet["ConsentReceipt"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Receipts of the grants that one's company gave or one's brand received."""
        return self.filter(grant__in=SharingGrant.objects.visible_to(user))


class ConsentReceipt(Frozen):
    """What one act said: a permission was given, put in the place of another, or taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(
        SharingGrant,
        verbose_name=_("sharing"),
        on_delete=models.PROTECT,
        related_name="receipts",
    )
    act = models.CharField(_("act"), max_length=10, choices=ConsentAct.choices)
    number = models.CharField(_("number"), max_length=24, unique=True)

    objects = ConsentReceiptQuerySet.as_manager()

    class Meta(Frozen.Meta):
        abstract = False
        verbose_name = _("receipt of consent")
        verbose_name_plural = _("receipts of consent")
        constraints = [
            models.UniqueConstraint(fields=["grant", "act"], name="one_receipt_per_act"),
            models.CheckConstraint(
                condition=models.Q(act__in=ConsentAct.values), name="consent_act_known"
            ),
        ]
        indexes = [
            *Frozen.Meta.indexes,
            # The list of receipts, newest first.
            models.Index(fields=["-created_at"], name="receipt_by_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def file_name(self) -> str:
        """Return the name under which the data are handed out."""
        return f"{self.number}.json"


class ConsentPaperQuerySet(PaperQuerySet["ConsentPaper"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Papers of the receipts that one may read."""
        return self.filter(receipt__in=ConsentReceipt.objects.visible_to(user))


def consent_path(row: ConsentPaper, name: str) -> str:
    """Return where a file is kept: by receipt and paper, `name` being its hash."""
    return f"consents/{row.receipt_id}/{row.pk}/{name}"


class ConsentPaper(Paper):
    """The PDF of one receipt in one language, and the job that prints it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    receipt = models.ForeignKey(
        ConsentReceipt,
        verbose_name=_("receipt of consent"),
        on_delete=models.PROTECT,
        related_name="papers",
    )
    file = models.FileField(
        _("file"), upload_to=consent_path, max_length=200, blank=True, editable=False
    )

    objects = ConsentPaperQuerySet.as_manager()

    class Meta(Paper.Meta):
        abstract = False
        verbose_name = _("receipt of consent (PDF)")
        verbose_name_plural = _("receipts of consent (PDF)")
        ordering = ["receipt", "-language"]
        constraints = [
            *Paper.Meta.constraints,
            models.UniqueConstraint(
                fields=["receipt", "language"], name="one_consent_paper_per_language"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        """Return the name under which it is handed out, such as CR-20261129-1A2B3C4D_ja.pdf."""
        return f"{self.receipt.number}_{self.language}.pdf"
