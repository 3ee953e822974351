"""The people of a merged supplier act for the one that goes on, and so will those who are invited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Invitation, Membership

if TYPE_CHECKING:
    from suppliers.models import Supplier


def move_invitations(keep: Supplier, drop: Supplier) -> list[str]:
    """Let unanswered invitations lead to `keep`, once for each person and role; return what moved.

    Before the memberships: whoever accepts at this moment becomes one of those first.
    """
    waiting = Invitation.objects.select_for_update(of=("self",)).filter(
        organisation__in=(keep.organisation_id, drop.organisation_id), answered_at=None
    )
    rows = list(waiting.order_by("pk"))
    there = {(row.user_id, row.role) for row in rows if row.organisation_id == keep.organisation_id}
    moved = []
    for row in rows:
        if row.organisation_id != drop.organisation_id:
            continue
        moved.append(str(row.pk))
        if (row.user_id, row.role) in there:
            row.answered_at = timezone.now()
        else:
            row.organisation = keep.organisation
        row.save(update_fields=["organisation", "answered_at"])
    return moved


def move_people(keep: Supplier, drop: Supplier) -> list[dict[str, Any]]:
    """Let the people of `drop` act for `keep`, in the same roles and as long; return what moved."""
    there = {
        (row.user_id, row.role): row
        for row in Membership.objects.filter(organisation=keep.organisation_id)
    }
    rows = Membership.objects.select_for_update().filter(organisation=drop.organisation_id)
    moved = []
    for row in rows.order_by("pk"):
        moved.append({"membership": row.pk, "user": str(row.user_id), "role": row.role})
        twin = there.get((row.user_id, row.role))
        if twin is None:
            row.organisation = keep.organisation
            row.save(update_fields=["organisation"])
            continue
        if twin.ends_on is not None and (row.ends_on is None or row.ends_on > twin.ends_on):
            twin.ends_on = row.ends_on
            twin.save(update_fields=["ends_on"])
        row.delete()
    return moved
