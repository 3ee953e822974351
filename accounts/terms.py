"""The words of this room: kinds of organisation, roles, and what a suspension stops."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an organisation is in the scheme."""

    SCHEME_OWNER = "scheme_owner", _("Scheme owner")
    SECRETARIAT = "secretariat", _("Designated secretariat")
    AUDIT_BODY = "audit_body", _("Audit body")
    SUPPLIER = "supplier", _("Supplier")
    BRAND = "brand", _("Brand")
    OBSERVER = "observer", _("Observer")


class Practice(models.TextChoices):
    """What the audit bodies of a secretariat are by profession: the route of an application."""

    INSPECTION = "inspection", _("inspection bodies")
    ATTORNEY = "attorney", _("labour and social security attorneys")


class Role(models.TextChoices):
    """What a person does for an organisation."""

    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    REVIEWER = "reviewer", _("Reviewer")
    AUDITOR = "auditor", _("Auditor")
    MANAGER = "manager", _("Manager")
    READER = "reader", _("Reader")


# The roles that there are in an organisation; auditors come by the register of auditors.
ROLES_OF: dict[Kind, tuple[Role, ...]] = {
    Kind.SCHEME_OWNER: (Role.ADMINISTRATOR, Role.COORDINATOR, Role.READER),
    Kind.SECRETARIAT: (Role.ADMINISTRATOR, Role.COORDINATOR, Role.REVIEWER, Role.READER),
    Kind.AUDIT_BODY: (Role.ADMINISTRATOR, Role.COORDINATOR, Role.REVIEWER, Role.READER),
    Kind.SUPPLIER: (Role.MANAGER, Role.ADMINISTRATOR, Role.READER),
    Kind.BRAND: (Role.ADMINISTRATOR, Role.READER),
    Kind.OBSERVER: (Role.READER,),
}


class Effect(models.TextChoices):
    """What a designation permits, and what a suspension can stop one by one."""

    ACCEPT = "accept", _("accept applications")
    SCHEDULE = "schedule", _("schedule visits")
    PERFORM = "perform", _("perform audits")
    ISSUE = "issue", _("issue results")
    RENEW = "renew", _("renew results")
    VERIFY = "verify", _("verify corrective actions")


class Locale(models.TextChoices):
    """Languages of pages, mails and reports."""

    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


class Rhythm(models.TextChoices):
    """How often a person wants mail; what is urgent comes at once in either case."""

    AT_ONCE = "at_once", _("As soon as there is something, several notices in one mail")
    DAILY = "daily", _("Once a day, in the morning of each business day")
