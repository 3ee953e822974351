"""Looking for duplicates among all suppliers and sites, and deciding that two are not the same."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Membership
from accounts.services.records import record
from accounts.terms import Kind
from suppliers.likeness import Pair, Traits, address_key, kana_key, name_key, pairs
from suppliers.models import DuplicateProposal, DuplicateSearch, FormerName, Site, Supplier
from suppliers.models.duplicates import unclaimed
from suppliers.services.plans import BATCH
from suppliers.terms import ProposalState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from accounts.models import User

# Addresses of these belong to anybody.
PUBLIC_DOMAINS = {
    "gmail.com", "yahoo.co.jp", "yahoo.com", "outlook.com", "outlook.jp", "hotmail.com",
    "hotmail.co.jp", "icloud.com", "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp",
    "nifty.com", "ocn.ne.jp", "biglobe.ne.jp",
}  # fmt: skip
# How often a running search tells how far it has come.
STEPS = 10


def ask_for_search(*, actor: User | None) -> tuple[DuplicateSearch, bool]:
    """Return the search that is to run, and whether it is a new one: one at a time is enough.

    Without an actor it is the nightly round. Raises PermissionDenied for those who may not import.
    """
    if actor is not None and not accounts.imports_suppliers(actor):
        raise PermissionDenied
    waiting = DuplicateSearch.objects.unfinished().order_by("asked_at").first()
    if waiting is not None:
        return waiting, False
    return DuplicateSearch.objects.create(asked_by=actor), True


def nightly_is_due() -> bool:
    """Say whether nobody has asked for a search on this day, in Japan."""
    newest = DuplicateSearch.objects.order_by("-asked_at").first()
    return newest is None or timezone.localdate(newest.asked_at) < timezone.localdate()


def waiting_search() -> DuplicateSearch | None:
    """Return a search that nobody works on: not taken up, or left behind by its worker."""
    return DuplicateSearch.objects.unfinished().filter(unclaimed()).order_by("asked_at").first()


def run_search(pk: UUID | str, *, least: int) -> int | None:
    """Look through everything and renew the proposals; None when somebody else has the search.

    `least` is the number of points from which two are proposed. What was decided stays decided;
    what is no longer found, and was not decided on, is taken out. The number of queries depends on
    batches of proposals, not on suppliers.
    """
    if not DuplicateSearch.objects.claim(pk):
        return None
    search = DuplicateSearch.objects.filter(pk=pk)
    traits = [*_of_suppliers(), *_of_sites()]
    marks = {max(1, len(traits) * step // STEPS): step for step in range(1, STEPS)}

    def step(done: int) -> None:
        if done in marks:
            search.update(percent=marks[done] * 100 // STEPS)

    found = _propose(list(pairs(traits, least=least, step=step)))
    search.update(percent=100, finished_at=timezone.now(), found=found, looked_at=len(traits))
    return found


@transaction.atomic
def dismiss(*, actor: User, proposal: DuplicateProposal, reason: str) -> DuplicateProposal:
    """Say that the two are not the same: they are not proposed again.

    Raises ValidationError without a reason, and when it was decided already.
    """
    if not accounts.imports_suppliers(actor):
        raise PermissionDenied
    row = DuplicateProposal.objects.select_for_update().get(pk=proposal.pk)
    if row.state != ProposalState.OPEN:
        raise ValidationError(_("This has been decided already."), code="decided")
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason: whoever looks next will read it.")})
    row.state, row.reason = ProposalState.DISMISSED, reason.strip()
    row.decided_by, row.decided_at = actor, timezone.now()
    row.full_clean()
    row.save()
    payload = {
        "proposal": str(row.pk),
        "signs": row.signs,
        "pair": [str(each.pk) for each in row.pair],
        "names": [each.name_ja for each in row.pair],
    }
    for supplier in {row.first.pk: row.first, row.second.pk: row.second}.values():
        record(
            organisation=supplier.organisation,
            actor=actor,
            act="duplicate_dismissed",
            comment=row.reason,
            payload=payload,
        )
    return row


def settle_merge(*, actor: User, kept: Supplier | Site, gone: Supplier | Site, reason: str) -> None:
    """Bring the proposals in line with a merge, inside its transaction.

    The one of the pair was followed; others that named the merged row are looked for anew, and
    what was said not to be the same stays said of the row that goes on.
    """
    ends = ("first_site", "second_site") if isinstance(kept, Site) else ("first", "second")
    rows = DuplicateProposal.objects.select_for_update().filter(
        Q(**{ends[0]: gone.pk}) | Q(**{ends[1]: gone.pk}),
        first_site__isnull=isinstance(kept, Supplier),
    )
    for row in rows:
        keys = {getattr(row, f"{end}_id") for end in ends} - {gone.pk}
        other = keys.pop()
        if other == kept.pk:
            row.state, row.reason = ProposalState.MERGED, reason[:500]
            row.decided_by, row.decided_at = actor, timezone.now()
            row.save()
        elif row.state == ProposalState.OPEN:
            row.delete()
        elif row.state == ProposalState.DISMISSED:
            pair = dict(zip(ends, sorted((kept.pk, other)), strict=True))
            if not DuplicateProposal.objects.filter(
                **pair, first_site__isnull=isinstance(kept, Supplier)
            ).exists():
                DuplicateProposal.objects.filter(pk=row.pk).update(**pair)
    if isinstance(kept, Supplier):
        of_sites = DuplicateProposal.objects.filter(first=gone.pk, second=gone.pk)
        of_sites.update(first=kept, second=kept)


def _of_suppliers() -> Iterator[Traits]:
    names: defaultdict[UUID, set[str]] = defaultdict(set)
    numbers: defaultdict[UUID, set[str]] = defaultdict(set)
    for former in FormerName.objects.all():
        names[former.supplier_id].add(name_key(former.name_ja))
        numbers[former.supplier_id].add(former.corporate_number)
    domains = _domains()
    for row in Supplier.objects.current().order_by("pk"):
        number = row.corporate_number or ""
        yield Traits(
            key=row.pk,
            names=frozenset({name_key(row.name_ja), *names[row.pk]} - {""}),
            kana=kana_key(row.name_kana),
            english=name_key(row.name_en),
            prefecture=row.prefecture,
            address=address_key(row.prefecture, row.address),
            numbers=frozenset({number, *numbers[row.pk]} - {""}),
            number=number,
            domains=frozenset(domains.get(row.organisation_id, ())),
        )


def _of_sites() -> Iterator[Traits]:
    for row in Site.objects.current().order_by("pk"):
        yield Traits(
            key=row.pk,
            group=row.supplier_id,
            names=frozenset({name_key(row.name_ja)} - {""}),
            english=name_key(row.name_en),
            address=address_key(row.prefecture, row.address),
            os_id=row.os_id.strip().upper(),
        )


def _domains() -> dict[UUID, set[str]]:
    """Return the e-mail domains of each supplier's people, without those that belong to anybody."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    rows = Membership.objects.in_force().filter(organisation__kind=Kind.SUPPLIER)
    for organisation, email in rows.values_list("organisation", "user__email"):
        domain = email.rpartition("@")[2].casefold()
        if domain not in PUBLIC_DOMAINS:
            found[organisation].add(domain)
    return found


def _propose(found: list[Pair]) -> int:
    """Write what was found beside what is stored; return how many wait for a decision."""
    stored = {_key(row): row for row in DuplicateProposal.objects.all()}
    new, changed, kept = [], [], set()
    for pair in found:
        key = (pair.first, pair.second)
        signs, row = [sign.value for sign in pair.signs], stored.get(key)
        kept.add(key)
        if row is None:
            new.append(_row(pair))
        elif row.state == ProposalState.OPEN and (row.signs, row.score) != (signs, pair.score):
            row.signs, row.score = signs, pair.score
            changed.append(row)
    gone = [
        row.pk for key, row in stored.items() if key not in kept and row.state == ProposalState.OPEN
    ]
    with transaction.atomic():
        DuplicateProposal.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        DuplicateProposal.objects.bulk_update(changed, ("signs", "score"), batch_size=BATCH)
        for start in range(0, len(gone), BATCH):
            DuplicateProposal.objects.waiting().filter(pk__in=gone[start : start + BATCH]).delete()
    return DuplicateProposal.objects.waiting().count()


def _key(row: DuplicateProposal) -> tuple[UUID, UUID]:
    if row.first_site_id is not None and row.second_site_id is not None:
        return row.first_site_id, row.second_site_id
    return row.first_id, row.second_id


def _row(pair: Pair) -> DuplicateProposal:
    signs = [sign.value for sign in pair.signs]
    if pair.group is None:
        return DuplicateProposal(
            first_id=pair.first, second_id=pair.second, signs=signs, score=pair.score
        )
    return DuplicateProposal(
        first_id=pair.group,
        second_id=pair.group,
        first_site_id=pair.first,
        second_site_id=pair.second,
        signs=signs,
        score=pair.score,
    )
