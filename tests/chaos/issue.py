"""Issues one audit in the database of the environment, as a process of its own would."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from audits.terms import Status  # noqa: E402  the apps come first
from tests.factories import audit_at  # noqa: E402  as above

if __name__ == "__main__":
    audit_at(Status.ISSUED, nonconforming=("3-4", "5-7", "5-12", "6-3", "9-1"))
