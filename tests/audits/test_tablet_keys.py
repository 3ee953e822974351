"""The keys that tablets seal with: one for each person, and those of former secrets."""

from __future__ import annotations

import base64

import pytest
from django.urls import reverse
from pytest_django import Settings

from audits.services.tablet_keys import keys_of
from tests.audits.desks import browser
from tests.factories import Scheme

pytestmark = pytest.mark.django_db


def test_everybody_gets_the_own_key_alone(scheme: Scheme) -> None:
    url = reverse("portal:tablet_keys")
    lead, member = (browser(one.user).get(url) for one in (scheme.lead, scheme.member))

    assert "no-store" in lead["Cache-Control"]
    assert lead.json() == {"keys": keys_of(scheme.lead.user)}
    assert lead.json() != member.json()
    assert len(base64.b64decode(lead.json()["keys"][0]["key"])) == 32


def test_former_secrets_still_open_what_was_sealed(scheme: Scheme, settings: Settings) -> None:
    (before,) = keys_of(scheme.lead.user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" * 8

    present, former = keys_of(scheme.lead.user)

    assert former == before
    assert present != before
