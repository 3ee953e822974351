"""Whose a requirement is, where the lead divided the work among the team."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0003_follow_up")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="audits.teammember",
                verbose_name="assigned to",
            ),
        ),
    ]
