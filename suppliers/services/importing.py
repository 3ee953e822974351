"""Bringing a list of suppliers and sites in: all or nothing, and twice is the same as once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies as accounts
from accounts.models import Organisation
from accounts.terms import Kind
from suppliers.imports.problems import Problem
from suppliers.imports.values import match_key
from suppliers.models import FormerName, Site, Supplier
from suppliers.services.plans import BATCH, Outcome, Plan

if TYPE_CHECKING:
    from accounts.models import User
    from suppliers.imports import Parsed, SupplierRow

Stored: TypeAlias = Organisation | Supplier | Site
M = TypeVar("M", Organisation, Supplier, Site)

SUPPLIER_FIELDS = ("corporate_number", "name_ja", "name_kana", "name_en", "established_on")
SITE_FIELDS = ("name_en", "prefecture", "address", "processes", "declared_workers", "os_id")


def import_suppliers(
    *, actor: User | None, parsed: Parsed[SupplierRow], skip_bad: bool = False
) -> Outcome:
    """Create and update the suppliers, their organisations and sites that a file names.

    A supplier is found by its corporate number, otherwise by name and prefecture, and by those of
    before a merge; a site by name within its supplier. What the file is silent about stays; a new
    supplier gets the prefecture and address of its first site, an old one keeps its own. A name of
    before a merge changes nothing that is known. One bad row stops everything, unless
    `skip_bad`. Without `actor` the operator at the shell acts. Raises PermissionDenied for
    others than owner and coordinators of secretariats; ValidationError when somebody registered
    one of the suppliers at the same moment.
    """
    _check(actor)
    try:
        with transaction.atomic():
            # Two imports at once would each create the suppliers that have no number.
            list(Organisation.objects.select_for_update().filter(kind=Kind.SCHEME_OWNER))
            plan = _Plan(parsed)
            problems = plan.all_problems()
            # The rows that contradict what is stored are told with the others: one look is enough.
            if problems and not skip_bad:
                return Outcome(problems=problems, stopped=True)
            plan.write()
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody registered one of these suppliers at the same moment. Import again.")
        ) from error
    return plan.outcome()


def preview_import(*, actor: User | None, parsed: Parsed[SupplierRow]) -> Outcome:
    """Return what an import that leaves bad rows out would do now, and write nothing."""
    _check(actor)
    return _Plan(parsed).outcome()


def _check(actor: User | None) -> None:
    if actor is not None and not accounts.imports_suppliers(actor):
        raise PermissionDenied


class _Plan(Plan["SupplierRow"]):
    """What is to be written, worked out in memory against what is stored.

    All suppliers are read once: comparing names without regard to width needs Python, and a
    trade has thousands of companies, not millions.
    """

    def __init__(self, parsed: Parsed[SupplierRow]) -> None:
        super().__init__(parsed)
        self.by_number: dict[str, Supplier] = {}
        self.by_name: defaultdict[tuple[str, int], list[Supplier]] = defaultdict(list)
        self.sites: dict[tuple[UUID, str], Site] = {}
        self.seen: dict[UUID, int] = {}
        self.new: dict[UUID, Stored] = {}
        self.changed: dict[UUID, Stored] = {}
        # Names and numbers of before a merge: they lead to the supplier, and change nothing of it.
        self.formerly: defaultdict[UUID, set[str]] = defaultdict(set)
        rows = Supplier.objects.current().select_related("organisation").order_by("created_at")
        suppliers = {supplier.pk: supplier for supplier in rows}
        for supplier in suppliers.values():
            self._index(supplier)
        for former in FormerName.objects.order_by("created_at", "pk"):
            self._index_former(former, suppliers[former.supplier_id])
        places = {site.pk: site for site in Site.objects.order_by("created_at")}
        # The row under which a place goes on comes before those that were merged into it.
        for site in sorted(places.values(), key=lambda each: each.merged_into_id is not None):
            key = (site.supplier_id, match_key(site.name_ja))
            self.sites.setdefault(key, places[site.home_id])
        # Rows with a number first, so that those without can find the same supplier.
        for row in sorted(parsed.rows, key=lambda each: (each.corporate_number is None, each.row)):
            self._add(row)

    def _index(self, supplier: Supplier) -> None:
        if supplier.corporate_number:
            self.by_number[supplier.corporate_number] = supplier
        self.by_name[match_key(supplier.name_ja), supplier.prefecture].append(supplier)

    def _index_former(self, former: FormerName, supplier: Supplier) -> None:
        name, number = match_key(former.name_ja), former.corporate_number
        self.formerly[supplier.pk] |= {name, number} - {""}
        if number:
            self.by_number.setdefault(number, supplier)
        if supplier not in (namesakes := self.by_name[name, former.prefecture]):
            namesakes.append(supplier)

    def _add(self, row: SupplierRow) -> None:
        namesakes = self.by_name[match_key(row.name_ja), row.prefecture]
        supplier = self.by_number.get(row.corporate_number or "")
        if supplier is None:
            if row.corporate_number:
                namesakes = [each for each in namesakes if not each.corporate_number]
            if len(namesakes) > 1:
                self.problems.append(_several(row, self.parsed.headings.title("name_ja")))
                return
            supplier = namesakes[0] if namesakes else None
        if supplier is None:
            supplier = self._new_supplier(row)
        key = (supplier.pk, match_key(row.site_ja))
        site = self.sites.get(key)
        if site is not None and site.pk in self.seen:
            self.problems.append(
                _repeated(row, self.parsed.headings.title("site_ja"), self.seen[site.pk])
            )
            return
        touched = self._update_supplier(supplier, row)
        if site is None:
            site = self.sites[key] = self._new_site(supplier, row)
            self.seen[site.pk] = row.row
            self.created += 1
            return
        self.seen[site.pk] = row.row
        told = _told(SITE_FIELDS, row, name_en=row.site_en)
        if match_key(site.name_ja) != key[1]:
            told = _missing(site, told)
        touched |= self._change(site, told)
        if touched:
            self.updated += 1
        else:
            self.unchanged += 1

    def _new_supplier(self, row: SupplierRow) -> Supplier:
        organisation = Organisation(kind=Kind.SUPPLIER, name_ja=row.name_ja, name_en=row.name_en)
        supplier = Supplier(
            organisation=organisation,
            prefecture=row.prefecture,
            address=row.address,
            **_told(SUPPLIER_FIELDS, row),
        )
        self.new[organisation.pk] = organisation
        self.new[supplier.pk] = supplier
        self._index(supplier)
        return supplier

    def _new_site(self, supplier: Supplier, row: SupplierRow) -> Site:
        told = _told(SITE_FIELDS, row, name_en=row.site_en)
        site = Site(supplier=supplier, name_ja=row.site_ja, **told)
        self.new[site.pk] = site
        return site

    def _update_supplier(self, supplier: Supplier, row: SupplierRow) -> bool:
        told = _told(SUPPLIER_FIELDS, row)
        if row.corporate_number in self.formerly[supplier.pk]:
            told.pop("corporate_number")
        if match_key(supplier.name_ja) == match_key(row.name_ja):
            told.pop("name_ja")  # another width is not another name
        elif match_key(row.name_ja) in self.formerly[supplier.pk]:
            told = _missing(supplier, told)
            self.done[row.row] = _("goes to %(name)s") % {"name": supplier.name}
        changed = self._change(supplier, told)
        if supplier.corporate_number:
            self.by_number[supplier.corporate_number] = supplier
        organisation = supplier.organisation
        self._change(
            organisation, {name: told[name] for name in ("name_ja", "name_en") if name in told}
        )
        return changed

    def _change(self, stored: Stored, told: dict[str, Any]) -> bool:
        """Set what differs on the object; say whether anything did."""
        news = {name: value for name, value in told.items() if getattr(stored, name) != value}
        for name, value in news.items():
            setattr(stored, name, value)
        if news and stored.pk not in self.new:
            self.changed[stored.pk] = stored
        return bool(news)

    def write(self) -> None:
        """Write everything with a number of queries that depends on batches, not on rows."""
        now = timezone.now()
        new = list(self.new.values())
        Organisation.objects.bulk_create(_of(Organisation, new), batch_size=BATCH)
        Supplier.objects.bulk_create(_of(Supplier, new), batch_size=BATCH)
        Site.objects.bulk_create(_of(Site, new), batch_size=BATCH)
        changed = list(self.changed.values())
        for each in changed:
            if not isinstance(each, Organisation):
                each.updated_at = now  # bulk_update leaves auto_now alone
        Organisation.objects.bulk_update(
            _of(Organisation, changed), ("name_ja", "name_en"), batch_size=BATCH
        )
        Supplier.objects.bulk_update(
            _of(Supplier, changed), (*SUPPLIER_FIELDS, "updated_at"), batch_size=BATCH
        )
        Site.objects.bulk_update(_of(Site, changed), (*SITE_FIELDS, "updated_at"), batch_size=BATCH)


def _of(model: type[M], objects: Iterable[Stored]) -> list[M]:
    return [each for each in objects if isinstance(each, model)]


def _told(names: tuple[str, ...], row: SupplierRow, **instead: Any) -> dict[str, Any]:
    """Return the fields the row says something about."""
    values = {name: instead.get(name, getattr(row, name)) for name in names}
    if "processes" in values:
        values["processes"] = list(values["processes"])
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _missing(stored: Stored, told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of a row by a former name: only what is not known yet."""
    return {name: value for name, value in told.items() if getattr(stored, name) in (None, "", [])}


def _several(row: SupplierRow, column: str) -> Problem:
    return Problem(
        row.row,
        column,
        row.name_ja,
        _(
            "Several suppliers of this name are registered in this prefecture. "
            "Write the corporate number, so that the right one is found."
        ),
    )


def _repeated(row: SupplierRow, column: str, earlier: int) -> Problem:
    return Problem(
        row.row,
        column,
        row.site_ja,
        _("This site of this supplier stands already in row %(row)d. Remove one of the two rows.")
        % {"row": earlier},
    )
