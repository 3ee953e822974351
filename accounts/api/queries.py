"""What may stand behind the question mark of an API address; everything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.paging import DEFAULT, MAXIMUM

if TYPE_CHECKING:
    from rest_framework.request import Request

# Moments outside of it mean the same as its ends and would overflow in a time zone.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)


class Query(serializers.Serializer[Any]):
    """The parameters of one kind of request."""

    @classmethod
    def read(cls, request: Request) -> dict[str, Any]:
        """Return the parsed parameters; raise for one that is unknown, repeated or wrong."""
        known = cls().fields
        wrong: dict[str, Any] = {}
        for name, values in request.query_params.lists():
            if name not in known:
                wrong[name] = [
                    serializers.ErrorDetail(_("This parameter is not known."), "unknown")
                ]
            elif len(values) > 1:
                wrong[name] = [serializers.ErrorDetail(_("Give this parameter once."), "repeated")]
        # A plain dict: for an HTML form an empty text would mean "not given".
        query = cls(data=request.query_params.dict())
        if not query.is_valid():
            wrong = {**query.errors, **wrong}
        if wrong:
            raise serializers.ValidationError(wrong)
        return dict(query.validated_data)


class NoQuery(Query):
    """No parameters at all."""


class RowQuery(Query):
    """Which fields of the row to send."""

    row: type[serializers.Serializer[Any]]

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `fields`, whose name belongs to the serializer itself."""
        names = list(self.row().fields)
        chosen = ChosenFields(
            names, required=False, help_text=f"Only these, with commas between: {', '.join(names)}."
        )
        return {**super().get_fields(), "fields": chosen}


class ListQuery(RowQuery):
    """Which page of a list."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAXIMUM, default=DEFAULT, help_text="Rows of a page."
    )
    cursor = serializers.CharField(
        required=False, help_text="Where the page begins; it stands in `next` of the one before."
    )


class ChangedQuery(ListQuery):
    """Which page of a list whose rows change."""

    updated_since = serializers.DateTimeField(
        required=False,
        default_timezone=UTC,
        help_text="Only rows that changed, or were shared with you, at this moment or later.",
    )

    def validate_updated_since(self, moment: datetime) -> datetime:
        """Keep moments within what every database can compare."""
        return min(max(moment, EARLIEST), LATEST)


class ChosenFields(serializers.CharField):
    """Names of fields with commas between."""

    def __init__(self, names: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = names

    def to_internal_value(self, data: Any) -> Any:
        """Return the set of names."""
        chosen = set(super().to_internal_value(data).split(","))
        if unknown := chosen.difference(self.names):
            raise serializers.ValidationError(
                _("There is no such field: %(names)s.") % {"names": ", ".join(sorted(unknown))},
                code="unknown_field",
            )
        return chosen
