"""A snapshot is what was issued: the database itself refuses to change or delete one."""

from __future__ import annotations

from django.db import migrations

from accounts.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [append_only("reports_snapshot", "a snapshot is frozen")]
