"""One version loaded by two people, or two clicks, at the same moment: there is one draft of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from audits.standards.models import Requirement, Standard
from audits.standards.services import load_catalogue
from tests.audits.test_two_at_once import at_once
from tests.factories import make_standard, next_catalogue

pytestmark = pytest.mark.django_db(transaction=True)


def test_double_click_makes_one_draft() -> None:
    make_standard()
    catalogue = next_catalogue(effective_on=timezone.localdate() + timedelta(days=30))
    click = partial(load_catalogue, catalogue=catalogue)

    answers = at_once(click, click, click)

    assert answers == [[], [], []]
    draft = Standard.objects.get(version="2027")
    assert Requirement.objects.filter(standard=draft).count() == 84


def test_two_drafts_of_one_version_are_not_mixed() -> None:
    make_standard()
    one = next_catalogue(effective_on=timezone.localdate() + timedelta(days=30))
    other = replace(one, contents=replace(one.contents, title_ja="別の版"))

    answers = at_once(
        partial(load_catalogue, catalogue=one), partial(load_catalogue, catalogue=other)
    )

    draft = Standard.objects.get(version="2027")
    # Whoever came second replaced the first draft knowingly, or was told of it.
    refused = [sentences for sentences in answers if sentences]
    assert len(refused) <= 1
    assert draft.contents() in (one.contents, other.contents)
