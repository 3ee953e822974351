"""Issues one audit and multiplies what was frozen of it, so that a hundred reports wait."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from audits.terms import Status  # noqa: E402  the apps come first
from reports.models import Report, Snapshot  # noqa: E402  as above
from reports.snapshot import canonical, fingerprint  # noqa: E402  as above
from reports.tasks import publish  # noqa: E402  as above
from tests.factories import audit_at  # noqa: E402  as above

REVISIONS = 50
# Enough that a report takes about a second, so that the test takes minutes and not a quarter of an hour.
FINDINGS = 6


def main() -> None:
    """Freeze further revisions, each with a number of its own, in both languages."""
    audit = audit_at(Status.ISSUED, nonconforming=("3-4", "5-7", "5-12", "6-3", "9-1"))
    first = Snapshot.objects.get(audit=audit)
    short = first.data | {"findings": first.data["findings"][:FINDINGS], "corrective_actions": []}
    for revision in range(2, REVISIONS + 1):
        number = f"{audit.number}-{revision:03}"
        text = canonical(short | {"number": number, "revision": revision})
        snapshot = Snapshot.objects.create(
            audit=audit,
            revision=revision,
            schema_version=first.schema_version,
            content=text,
            sha256=fingerprint(text),
        )
        for language in ("ja", "en"):
            Report.objects.create(
                audit=audit, snapshot=snapshot, revision=revision, language=language
            )
    for report in Report.objects.filter(published_at=None):
        publish(report)


if __name__ == "__main__":
    main()
