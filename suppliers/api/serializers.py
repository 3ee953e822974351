"""Sites as a brand reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import Row
from suppliers.prefectures import prefecture
from suppliers.terms import Level, Process

if TYPE_CHECKING:
    from datetime import date

    from suppliers.models import Site

    class SharedSite(Site):
        """A site with the columns that the view adds."""

        level: str
        shared_until: date


class SupplierPart(serializers.Serializer[Any]):
    """The company of a site."""

    name_ja = serializers.CharField()
    name_en = serializers.CharField(help_text="Empty when there is none.")
    corporate_number = serializers.CharField(
        allow_null=True, help_text="法人番号, 13 digits; null when it is not known."
    )


class PrefecturePart(serializers.Serializer[Any]):
    """A prefecture of Japan."""

    code = serializers.IntegerField(help_text="Number in JIS X 0401.")
    name_ja = serializers.CharField(source="ja")
    name_en = serializers.CharField(source="en")


class SitePart(serializers.Serializer[Any]):
    """The site that a row is about."""

    id = serializers.UUIDField()
    name_ja = serializers.CharField()
    name_en = serializers.CharField(help_text="Empty when there is none.")


class SiteRow(Row):
    """A site with a live grant. `address` is sent from level summary on."""

    name_ja = serializers.CharField()
    name_en = serializers.CharField(help_text="Empty when there is none.")
    supplier = SupplierPart()
    prefecture = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()
    processes = serializers.ListField(child=serializers.ChoiceField(choices=Process.choices))
    os_id = serializers.CharField(help_text="Open Supply Hub identifier; empty when not known.")
    level = serializers.ChoiceField(
        choices=Level.choices, help_text="How much the supplier shares with you."
    )
    shared_until = serializers.DateField(help_text="The last day on which the site is shared.")
    updated_at = serializers.DateTimeField()

    @extend_schema_field(PrefecturePart)
    def get_prefecture(self, site: Site) -> dict[str, Any]:
        """Return the number with both names."""
        return dict(PrefecturePart(prefecture(site.prefecture)).data)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_address(self, site: SharedSite) -> str | None:
        """Return the address, or None at level status."""
        return site.address if site.level in Level.at_least(Level.SUMMARY) else None
