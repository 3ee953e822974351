"""A supplier that was registered twice, found by the search of the night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.models import SchemeSettings
from suppliers.services.duplicates import ask_for_search, run_search
from suppliers.services.registering import create_site, create_supplier
from suppliers.terms import Process

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.demo.clock import Clock
    from reports.demo.people import Scheme
    from reports.demo.suppliers import Place

TWICE = "瀬戸内染晒株式会社"


def register_twice(places: Iterable[Place], scheme: Scheme, clock: Clock) -> None:
    """Let the other secretariat enter a known company from its own list, in other spellings."""
    known = next(place for place in places if place.supplier.name_ja == TWICE)
    actor = scheme.federation.coordinator
    clock.set(clock.latest)
    twin = create_supplier(
        actor=actor,
        name_ja="㈱瀬戸内染晒",
        name_kana="セトウチセンサイ",
        prefecture=known.supplier.prefecture,
        address="今治市富田新港一丁目",
    )
    create_site(
        actor=actor,
        supplier=twin,
        name_ja=f"{known.site.name_ja[:2]} {known.site.name_ja[2:]}",
        prefecture=known.site.prefecture,
        address=known.site.address.removeprefix("愛媛県"),
        processes=[Process.DYEING],
        declared_workers=120,
    )
    search, _new = ask_for_search(actor=None)
    run_search(search.pk, least=SchemeSettings.objects.current().duplicate_least_score)
