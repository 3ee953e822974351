"""The top of the house: settings, addresses and processes; imported by no other app."""

from __future__ import annotations

from config.celery import app as celery_app

# Imported here so that `shared_task` finds this application in every process, web included.
__all__ = ["celery_app"]
