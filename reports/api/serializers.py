"""Findings as a brand reads them: counts at level summary, all of them at level full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.api.serializers import Row
from audits.api.serializers import NOTICE_HELP, OFFICIAL_HELP, Bilingual
from audits.standards.api.serializers import CategoryPart
from audits.terms import Judgement, Method, Severity
from reports.terms import ReportLanguage
from suppliers.api.serializers import SitePart
from suppliers.terms import Level

if TYPE_CHECKING:
    from reports.models import Report


class CategoryCounts(serializers.Serializer[Any]):
    """How the requirements of one category were judged, and how grave the nonconformities are."""

    category = CategoryPart()
    requirements = serializers.IntegerField()
    conforming = serializers.IntegerField()
    nonconforming = serializers.IntegerField()
    not_applicable = serializers.IntegerField()
    unverifiable = serializers.IntegerField()
    unacceptable = serializers.IntegerField(help_text="Nonconformities of this severity.")
    major = serializers.IntegerField(help_text="Nonconformities of this severity.")
    minor = serializers.IntegerField(help_text="Nonconformities of this severity.")


class EvidencePart(serializers.Serializer[Any]):
    """A piece of public evidence; the file itself is not part of the export."""

    label = serializers.CharField(  # type: ignore[assignment]  # becomes a field, not the attribute
        help_text="As printed in the report, such as E-031."
    )
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    caption = serializers.CharField()
    taken_at = serializers.DateTimeField(allow_null=True)


class FindingPart(serializers.Serializer[Any]):
    """What was found about one requirement."""

    code = serializers.CharField(source="requirement.code")
    category = serializers.IntegerField(source="requirement.category.number")
    title_ja = serializers.CharField(source="requirement.title_ja")
    title_en = serializers.CharField(source="requirement.title_en")
    judgement = serializers.ChoiceField(choices=Judgement.choices)
    severity = serializers.ChoiceField(
        choices=Severity.choices,
        allow_blank=True,
        source="effective_severity",
        help_text="Of a nonconformity; otherwise empty.",
    )
    methods = serializers.ListField(child=serializers.ChoiceField(choices=Method.choices))
    clauses_not_met = serializers.ListField(child=serializers.CharField())
    report_text = serializers.CharField(help_text="As printed in the report.")
    reason = serializers.CharField(help_text="Why it does not apply or could not be verified.")
    taken_over_from = serializers.CharField(
        source="carried_from.audit.number",
        default=None,
        allow_null=True,
        help_text="Number of the audit whose finding a follow-up audit took over; null for an own one.",
    )
    evidence = EvidencePart(many=True, source="public_evidence")


class AuditFindings(Row):
    """The findings of an audit. `findings` is null below level full."""

    number = serializers.CharField(help_text="Number of the audit.")
    site = SitePart()
    standard = serializers.CharField(source="standard.version")
    level = serializers.ChoiceField(
        choices=[(Level.SUMMARY.value, "summary"), (Level.FULL.value, "full")],
        help_text="How much the supplier shares with you.",
    )
    official = serializers.BooleanField(source="standard.official", help_text=OFFICIAL_HELP)
    criteria_notice = Bilingual(allow_null=True, help_text=NOTICE_HELP)
    counts = CategoryCounts(many=True)
    findings = FindingPart(many=True, allow_null=True)


class ReportRow(Row):
    """An issued report in one language."""

    audit = serializers.UUIDField(source="audit_id")
    number = serializers.CharField(source="audit.number", help_text="Number of the audit.")
    site = SitePart(source="audit.site")
    revision = serializers.IntegerField(help_text="2 after an upheld appeal.")
    language = serializers.ChoiceField(choices=ReportLanguage.choices)
    sha256 = serializers.CharField(help_text="Of the PDF.")
    size = serializers.IntegerField(allow_null=True, help_text="Of the PDF, in bytes.")
    pages = serializers.IntegerField(allow_null=True)
    stands = serializers.BooleanField(help_text="False once it was replaced or withdrawn.")
    ready_at = serializers.DateTimeField(source="finished_at")
    updated_at = serializers.DateTimeField(
        help_text="Moves when the report is replaced or withdrawn."
    )
    pdf = serializers.SerializerMethodField()
    json = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_pdf(self, report: Report) -> str:
        """Return the address of the file."""
        return self._address("report_pdf", report)

    @extend_schema_field(serializers.URLField())
    def get_json(self, report: Report) -> str:
        """Return the address of the data."""
        return self._address("report_data", report)

    def _address(self, name: str, report: Report) -> str:
        return str(reverse(f"api:{name}", args=[report.pk], request=self.context["request"]))
