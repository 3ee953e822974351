"""Results and corrective actions as a brand reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.serializers import Row
from audits.terms import (
    CorrectionStatus,
    GradeLetter,
    ResultStatus,
    Severity,
    Verification,
)
from suppliers.api.serializers import SitePart, SiteRow
from suppliers.terms import Level

if TYPE_CHECKING:
    from audits.models import CorrectiveAction, Result

    class SharedAction(CorrectiveAction):
        """A corrective action with the columns that the view adds."""

        level: str


class Bilingual(serializers.Serializer[Any]):
    """A sentence in both languages."""

    ja = serializers.CharField()
    en = serializers.CharField()


class OrganisationPart(serializers.Serializer[Any]):
    """An institution of the scheme."""

    id = serializers.UUIDField()
    name_ja = serializers.CharField()
    name_en = serializers.CharField(help_text="Empty when there is none.")


NOTICE_HELP = "Null for official criteria; otherwise to be shown wherever the grade is shown."
OFFICIAL_HELP = "False when the grade was computed by provisional criteria (暫定基準)."


def criteria_notice(official: bool) -> dict[str, str] | None:
    """Return what has to stand beside a grade from provisional criteria; None for official ones."""
    if official:
        return None
    notice = {}
    for language in ("ja", "en"):
        with override(language):
            notice[language] = gettext(
                "Provisional criteria: the scheme owner has not yet set the official grading criteria."
            )
    return notice


class LatestResult(serializers.Serializer[Any]):
    """The newest result of a site."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    grade = serializers.ChoiceField(choices=GradeLetter.choices)
    status = serializers.ChoiceField(choices=ResultStatus.choices)
    issued_on = serializers.DateField()
    renewal_due_on = serializers.DateField(allow_null=True)
    official = serializers.BooleanField(help_text=OFFICIAL_HELP)
    criteria_notice = serializers.SerializerMethodField(help_text=NOTICE_HELP)

    @extend_schema_field(Bilingual(allow_null=True))
    def get_criteria_notice(self, result: Result) -> dict[str, str] | None:
        """Return the notice in both languages."""
        return criteria_notice(result.official)


class SharedSiteRow(SiteRow):
    """A site with a live grant and its newest result; `address` from level summary on."""

    latest_result = serializers.SerializerMethodField(
        help_text="Null while the site has no result."
    )

    @extend_schema_field(LatestResult(allow_null=True))
    def get_latest_result(self, site: Any) -> dict[str, Any] | None:
        """Return the newest of the results that were read for the whole page."""
        result = self.context.get("latest", {}).get(site.pk)
        return dict(LatestResult(result).data) if result else None


class ResultRow(Row):
    """The grade of one audit of a site, and whether it still stands."""

    number = serializers.CharField(help_text="Printed on the report.")
    revision = serializers.IntegerField(help_text="2 after an upheld appeal.")
    audit = serializers.UUIDField(source="audit_id")
    site = SitePart(source="audit.site")
    grade = serializers.ChoiceField(choices=GradeLetter.choices)
    status = serializers.ChoiceField(choices=ResultStatus.choices)
    issued_on = serializers.DateField()
    renewal_due_on = serializers.DateField(allow_null=True, help_text="A guideline, for grade A.")
    under_appeal = serializers.BooleanField(help_text="An appeal has not been decided.")
    standard = serializers.CharField(
        source="audit.standard.version", help_text="Version of the audit standard."
    )
    body = OrganisationPart(source="audit.body", help_text="The audit body.")
    verification_code = serializers.CharField(help_text="For the public page /verify/<code>/.")
    official = serializers.BooleanField(help_text=OFFICIAL_HELP)
    criteria_notice = serializers.SerializerMethodField(help_text=NOTICE_HELP)
    updated_at = serializers.DateTimeField()

    @extend_schema_field(Bilingual(allow_null=True))
    def get_criteria_notice(self, result: Result) -> dict[str, str] | None:
        """Return the notice in both languages."""
        return criteria_notice(result.official)


class PlanPart(serializers.Serializer[Any]):
    """What the supplier wrote; sent at level full."""

    root_cause = serializers.CharField()
    correction = serializers.CharField()
    prevention = serializers.CharField()
    responsible = serializers.CharField(help_text="A function, not a name.")


class CorrectiveActionRow(Row):
    """How a nonconformity is put right. `requirement` and `plan` are sent at level full."""

    audit = serializers.UUIDField(source="finding.audit_id")
    site = SitePart(source="finding.audit.site")
    category = serializers.IntegerField(
        source="finding.requirement.category.number", help_text="Category of the standard, 1 to 9."
    )
    requirement = serializers.SerializerMethodField(help_text="Code of the requirement.")
    severity = serializers.ChoiceField(
        choices=Severity.choices,
        source="finding.severity_at_stake",
    )
    status = serializers.ChoiceField(choices=CorrectionStatus.choices)
    plan_due_on = serializers.DateField()
    close_due_on = serializers.DateField()
    overdue = serializers.BooleanField(source="is_overdue")
    repeats = serializers.SerializerMethodField(
        help_text="In how many earlier audits of the site the same was not met; 0 the first time."
    )
    repeat_since = serializers.DateField(
        allow_null=True, help_text="Day of issue of the first of them; null the first time."
    )
    verification = serializers.ChoiceField(choices=Verification.choices)
    closed_at = serializers.DateTimeField(allow_null=True)
    plan = serializers.SerializerMethodField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(serializers.IntegerField())
    def get_repeats(self, action: SharedAction) -> int:
        """Return how often the same was not met before."""
        return len(action.repeat_audits)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_requirement(self, action: SharedAction) -> str | None:
        """Return the code at level full."""
        return action.finding.requirement.code if action.level == Level.FULL else None

    @extend_schema_field(PlanPart(allow_null=True))
    def get_plan(self, action: SharedAction) -> dict[str, Any] | None:
        """Return the plan at level full, once there is one."""
        if action.level != Level.FULL or not action.root_cause:
            return None
        return dict(PlanPart(action).data)
