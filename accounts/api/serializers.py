"""What rows of the export have in common."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Row(serializers.Serializer[Any]):
    """A row of which a client may ask for some fields only; the id is always sent."""

    id = serializers.UUIDField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Leave out what was not chosen; the schema promises the id alone."""
        chosen = self.context.get("fields")
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "id"
        return {
            name: field
            for name, field in fields.items()
            if chosen is None or name == "id" or name in chosen
        }


class ProblemDetail(serializers.Serializer[Any]):
    """What is wrong with one parameter."""

    parameter = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """An error (RFC 9457). `code` is stable; `title` and `detail` follow Accept-Language."""

    type = serializers.CharField(help_text="`urn:orime:problem:` and the code.")
    title = serializers.CharField(help_text="The kind of problem.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    code = serializers.CharField(help_text="A word for programs.")
    detail = serializers.CharField(required=False, help_text="This occurrence.")
    errors = ProblemDetail(  # type: ignore[assignment]  # becomes a field, not the property
        many=True, required=False, help_text="By parameter, with status 400."
    )
