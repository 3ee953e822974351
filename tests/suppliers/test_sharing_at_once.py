"""Sharing when a supplier clicks twice, or two of its people share at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from reports.models import ConsentReceipt
from suppliers.models import SharingGrant
from suppliers.services.sharing import grant_sharing
from suppliers.terms import Level
from tests.audits.test_two_at_once import at_once
from tests.factories import Scheme

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_permission_is_left_and_every_act_has_its_receipt() -> None:
    scheme = Scheme()
    share = partial(
        grant_sharing,
        actor=scheme.manager,
        site=scheme.site,
        brand=scheme.brand,
        level=Level.FULL,
        ends_on=timezone.localdate(),
    )

    assert at_once(share, share, share) == [[], [], []]

    assert SharingGrant.objects.count() == 3
    assert SharingGrant.objects.live().count() == 1
    acts = ConsentReceipt.objects.order_by("created_at").values_list("act", flat=True)
    assert list(acts) == ["given", "changed", "changed"]
