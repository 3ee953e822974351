"""The admin is for reference data: what belongs to the life of an audit is only looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audits.models import Audit, AuditEvent, Finding, Result
from audits.terms import Status
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db

READ_ONLY = (Audit, Finding, AuditEvent, Result)
OURS = ("accounts", "suppliers", "audits", "auditors", "standards")


@pytest.fixture
def staff() -> Client:
    user = User.objects.create_superuser("staff@example.org", "a long password", name="管理")
    client = Client()
    client.force_login(user)
    return client


def registered() -> list[type[Any]]:
    return [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if admin.site.is_registered(model)
    ]


def address(model: type[Any], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_list_and_search_of_the_admin_opens(staff: Client) -> None:
    audit_at(Status.ISSUED, Scheme())

    for model in registered():
        assert staff.get(address(model, "changelist")).status_code == 200, model
        if admin.site.get_model_admin(model).search_fields:
            answer = staff.get(address(model, "changelist") + "?q=JASTI")
            assert answer.status_code == 200, model
        row = model._default_manager.first()
        if row is not None:
            assert staff.get(address(model, "change", row.pk)).status_code == 200, model


@pytest.mark.parametrize("model", READ_ONLY)
def test_audits_findings_records_and_results_cannot_be_changed(
    model: type[Any], staff: Client
) -> None:
    audit_at(Status.ISSUED, Scheme())
    row = model._default_manager.first()

    assert staff.get(address(model, "add")).status_code == 403
    assert staff.post(address(model, "change", row.pk), {"status": "void"}).status_code == 403
    assert staff.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert 'name="status"' not in staff.get(address(model, "change", row.pk)).content.decode()


def test_working_notes_are_not_shown(staff: Client) -> None:
    audit = audit_at(Status.ACCEPTED, Scheme())
    finding = audit.findings.all()[0]
    Finding.objects.filter(pk=finding.pk).update(working_note="現場のメモ")

    shown = staff.get(address(Finding, "change", finding.pk)).content.decode()

    assert "現場のメモ" not in shown


def test_new_person_has_no_password(staff: Client) -> None:
    data = {
        "email": "new@example.org",
        "name": "新人",
        "locale": "ja",
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }

    assert staff.post(address(User, "add"), data).status_code == 302
    assert not User.objects.get(email="new@example.org").has_usable_password()
