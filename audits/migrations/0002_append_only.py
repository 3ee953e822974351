"""The record of an audit and what a site signed are append-only."""

from __future__ import annotations

from django.db import migrations

from accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial")]

    operations = [
        append_only("audits_auditevent", "the record is append-only"),
        append_only("audits_closingmeeting", "a closing meeting is signed"),
    ]
