"""The orders in which the console lists all audits and all corrective actions."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0006_corrections_shown")]

    operations = [
        migrations.AddIndex(
            model_name="audit",
            index=models.Index(fields=["due_on", "-number"], name="audit_by_due"),
        ),
        migrations.AddIndex(
            model_name="correctiveaction",
            index=models.Index(fields=["-closed_at", "close_due_on"], name="correction_open_first"),
        ),
    ]
