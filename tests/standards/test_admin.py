"""The reference admin shows the standard and changes nothing."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.test import RequestFactory

from audits.standards.models import Requirement, Standard


@pytest.mark.parametrize("model", [Standard, Requirement])
def test_admin_is_read_only(model: type[Standard | Requirement]) -> None:
    admin = site._registry[model]
    request = RequestFactory().get("/")
    assert not admin.has_add_permission(request)
    assert not admin.has_change_permission(request)
    assert not admin.has_delete_permission(request)
