"""Parameters that choose by what is known of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import TextField
from django.db.models.functions import Cast
from rest_framework import serializers

from accounts.api.queries import ChangedQuery
from suppliers.prefectures import CHOICES as PREFECTURES
from suppliers.terms import Process

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SitesQuery(ChangedQuery):
    """Lists of sites, or of what belongs to sites."""

    prefecture = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=len(PREFECTURES),
        help_text="Prefecture of the site, by its number in JIS X 0401.",
    )
    process = serializers.ChoiceField(
        choices=Process.choices, required=False, help_text="What the site does."
    )


def by_site(rows: QuerySet[Any], query: dict[str, Any], site: str = "") -> QuerySet[Any]:
    """Return the rows whose site is as asked; `site` is the path to it, ending with `__`."""
    if "prefecture" in query:
        rows = rows.filter(**{f"{site}prefecture": query["prefecture"]})
    if "process" in query:
        # Codes are plain words, so that the text of the list finds them on every database.
        rows = rows.alias(process_text=Cast(f"{site}processes", TextField())).filter(
            process_text__contains=f'"{query["process"]}"'
        )
    return rows
