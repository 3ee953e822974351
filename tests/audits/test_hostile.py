"""The corpus of hostile and broken files: by itself, and through every door of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audits.content import prepare
from audits.content.names import file_name
from audits.content.refusals import SENTENCES
from audits.models import Evidence, Upload
from audits.terms import Status
from tests.audits.desks import browser
from tests.audits.hostile import CASES, NAMES, Case
from tests.audits.tablets import photo
from tests.factories import Scheme, audit_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from audits.models import Audit


# Pillow grumbles about garbled EXIF and goes on; only this suite makes errors of warnings.
pytestmark = [
    pytest.mark.any_database,
    pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning"),
]


def labels(case: Case) -> str:
    return case.label


def test_corpus_is_large_and_has_no_two_of_a_name() -> None:
    assert len(CASES) >= 40
    assert len({case.label for case in CASES}) == len(CASES)
    assert {case.refused for case in CASES} >= set(SENTENCES) - {
        "too_large",
        "storage_full",
        "finding_full",
        "audit_full",
    }


@pytest.mark.parametrize("case", CASES, ids=labels)
def test_content_is_refused_with_its_sentence_or_made_harmless(case: Case) -> None:
    if case.refused:
        with pytest.raises(ValidationError) as refusal:
            prepare(case.content)
        assert refusal.value.messages == [str(SENTENCES[case.refused])]
        return
    prepared = prepare(case.content)
    assert prepared.media_type == case.kept
    for hidden in case.gone:
        assert hidden in case.content
        assert hidden not in prepared.content


@pytest.mark.parametrize("case", NAMES, ids=labels)
def test_name_is_made_harmless(case: Case) -> None:
    name = file_name(case.name, ".jpg")
    assert not case.kept_name or name == case.kept_name
    assert name.isprintable()
    assert "/" not in name
    assert "\\" not in name


def by_form(client: Client, audit: Audit, case: Case) -> str:
    answer = client.post(
        reverse("portal:evidence_upload", args=[audit.number, "5-7"]),
        {"uploads": [given(case)], "evidence_class": "restricted"},
    )
    return said(answer.status_code, answer.content.decode())


def by_tablet(client: Client, audit: Audit, case: Case) -> str:
    answer = client.post(
        reverse("portal:sync_photo", args=[audit.number]),
        photo(audit, case.content) | {"photo": given(case)},
    )
    if answer.status_code != 200:
        return said(answer.status_code, answer.content.decode())
    (item,) = answer.json()["items"]
    return "kept" if item["outcome"] == "saved" else said(422, item["sentence"])


def in_parts(client: Client, audit: Audit, case: Case) -> str:
    content = case.content
    answer: Any = client.post(
        reverse("portal:upload_start", args=[audit.number, "5-7"]),
        {"name": case.name, "size": len(content), "evidence_class": "restricted"},
    )
    while answer.status_code == 200:
        state = answer.json()
        sent = content[state["offset"] : state["offset"] + state["part"]]
        answer = client.patch(
            state["url"],
            sent,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(state["offset"])},
        )
    return (
        "kept" if answer.status_code == 201 else said(answer.status_code, answer.json()["detail"])
    )


def given(case: Case) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", case.content, "image/jpeg")
    # As a hostile client writes it: the constructor would make it harmless.
    file._name = case.name  # type: ignore[attr-defined]  # behind the property
    return file


def said(status: int, text: str) -> str:
    if status == 302:
        return "kept"
    if status == 400:
        return "not understood"
    assert status == 422, (status, text)
    found = [code for code, sentence in SENTENCES.items() if str(sentence) in text]
    assert len(found) == 1, text
    return found[0]


@pytest.mark.django_db
@pytest.mark.long
@pytest.mark.parametrize("door", [by_form, in_parts, by_tablet])
def test_corpus_through_every_door(
    scheme: Scheme, door: Callable[[Client, Audit, Case], str]
) -> None:
    audit = audit_at(Status.FIELDWORK, scheme)
    client = browser(scheme.lead.user)
    expected, outcomes = {}, {}
    for case in CASES:
        outcomes[case.label] = door(client, audit, case)
        expected[case.label] = case.refused or "kept"
        if case.not_by_form and door is not in_parts:
            expected[case.label] = "not understood"
        kept = Evidence.objects.filter(audit=audit)
        assert kept.count() == (expected[case.label] == "kept"), case.label
        for evidence in kept:
            with evidence.file.open("rb") as file:
                content = file.read()
            assert evidence.media_type == case.kept
            assert not case.kept_name or evidence.name == case.kept_name
            assert not any(hidden in content for hidden in case.gone)
            answer = client.get(reverse("portal:evidence_file", args=[evidence.pk]))
            assert answer["Content-Type"] == case.kept
            assert "\n" not in answer["Content-Disposition"]
            assert answer.getvalue() == content
            default_storage.delete(str(evidence.file.name))
        kept.delete()
    assert outcomes == expected
    # Nothing is left of the refused ones.
    assert not Upload.objects.exists()
    assert stored() == []


def stored(folder: str = "") -> list[str]:
    """Return every file in the storage."""
    folders, files = default_storage.listdir(folder)
    return [f"{folder}{name}" for name in files] + [
        name for inner in folders for name in stored(f"{folder}{inner}/")
    ]
