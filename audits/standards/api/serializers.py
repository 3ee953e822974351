"""The catalogue as a brand reads it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import Row
from audits.standards.terms import Condition, Provenance, Severity

CONDITION_HELP = "What a site must have for it to apply; empty means always."


class CategoryPart(serializers.Serializer[Any]):
    """One of the nine fields of the standard."""

    number = serializers.IntegerField()
    name_ja = serializers.CharField()
    name_en = serializers.CharField()


class ClausePart(serializers.Serializer[Any]):
    """A check point of a requirement."""

    code = serializers.CharField()
    text_ja = serializers.CharField()
    text_en = serializers.CharField()
    condition = serializers.ChoiceField(
        choices=Condition.choices, allow_blank=True, help_text=CONDITION_HELP
    )
    provenance = serializers.ChoiceField(choices=Provenance.choices)


class RequirementRow(Row):
    """A requirement of a version of the audit standard, in Japanese and English."""

    standard = serializers.CharField(source="standard.version", help_text="Version.")
    code = serializers.CharField()
    order = serializers.IntegerField()
    category = CategoryPart()
    title_ja = serializers.CharField()
    title_en = serializers.CharField()
    text_ja = serializers.CharField()
    text_en = serializers.CharField()
    guidance_ja = serializers.CharField()
    guidance_en = serializers.CharField()
    legal_basis = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices)
    condition = serializers.ChoiceField(
        choices=Condition.choices, allow_blank=True, help_text=CONDITION_HELP
    )
    provenance = serializers.ChoiceField(
        choices=Provenance.choices,
        help_text="Where the wording in force comes from; only `official` is the official text.",
    )
    clauses = ClausePart(many=True)
