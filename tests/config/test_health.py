"""What a load balancer is told: alive, and ready or not, without secrets."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.letters import Message
from accounts.models import Notice
from accounts.services.notices import notify
from config.celery import app as celery_app
from tests.factories import make_user


@pytest.mark.django_db
def test_livez_asks_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_readyz_when_everything_answers(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok"},
        "notes": {"mail": "ok"},
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_readyz_with_a_migration_to_apply(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "1 to apply"


@pytest.mark.django_db
def test_readyz_without_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_write_url", "redis://:hidden@127.0.0.1:1/0")
    begun = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - begun < 5
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"database": "ok", "migrations": "ok", "broker": "does not answer"},
        "notes": {"mail": "ok"},
    }
    assert b"hidden" not in answer.content


@pytest.mark.django_db
def test_readyz_notes_letters_that_were_given_up_and_stays_ready(client: Client) -> None:
    notify([make_user()], "key", lambda: Message("test", "x"))
    Notice.objects.update(given_up_at=timezone.now())

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["notes"] == {"mail": "1 given up"}


@pytest.mark.django_db
def test_health_pages_take_only_reading(client: Client) -> None:
    assert client.post("/livez").status_code == 405
    assert client.post("/readyz").status_code == 405
