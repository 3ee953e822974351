"""What a brand reads at each level, and that nothing else ever leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from audits.models import Audit, CorrectiveAction, Finding, Result
from audits.terms import EvidenceClass, Status
from reports.models.reads import ReadRecord
from suppliers.models import SharingGrant, Site
from suppliers.terms import Level
from tests.factories import Scheme, audit_at, make_grant

if TYPE_CHECKING:
    from tests.api.conftest import Api, Shared

LISTS = ("sites/", "results/", "corrective-actions/")


def at_level(shared: Shared, level: Level) -> None:
    SharingGrant.objects.filter(pk=shared.grant.pk).update(level=level)


def addresses(audit: Audit) -> list[str]:
    """Every address that names something of the audit."""
    result = Result.objects.get(audit=audit)
    return [
        f"sites/{audit.site_id}/",
        f"results/{result.pk}/",
        f"audits/{audit.pk}/findings/",
    ]


def test_site_at_level_full(brand: Api, shared: Shared) -> None:
    Site.objects.update(address="今治市見本町1-1")

    (site,) = brand.rows("sites/")

    assert set(site) == {
        *("id", "name_ja", "name_en", "supplier", "prefecture", "address", "processes", "os_id"),
        *("level", "shared_until", "latest_result", "updated_at"),
    }
    assert site == brand.json(f"sites/{shared.audit.site_id}/")
    assert site["prefecture"] == {"code": 38, "name_ja": "愛媛県", "name_en": "Ehime"}
    assert site["address"] == "今治市見本町1-1"
    assert site["level"] == "full"
    assert site["latest_result"]["number"] == shared.audit.number
    assert site["latest_result"]["official"] is False


def test_address_is_kept_back_at_level_status(brand: Api, shared: Shared) -> None:
    Site.objects.update(address="今治市見本町1-1")
    at_level(shared, Level.STATUS)

    (site,) = brand.rows("sites/")

    assert site["address"] is None
    assert site["level"] == "status"


def test_site_without_result(brand: Api, ours: Scheme) -> None:
    make_grant(ours.site, ours.brand)

    assert brand.rows("sites/")[0]["latest_result"] is None


def test_result_has_all_fields_at_level_status(brand: Api, shared: Shared) -> None:
    at_level(shared, Level.STATUS)

    (result,) = brand.rows("results/")

    assert set(result) == {
        *("id", "number", "revision", "audit", "site", "grade", "status", "issued_on"),
        *("renewal_due_on", "under_appeal", "standard", "body", "verification_code", "official"),
        *("criteria_notice", "updated_at"),
    }
    assert result == brand.json(f"results/{result['id']}/")
    assert result["standard"] == "2025"
    assert result["official"] is False
    assert "暫定基準" in result["criteria_notice"]["ja"]
    assert "Provisional criteria" in result["criteria_notice"]["en"]


def test_result_under_appeal(brand: Api, shared: Shared, ours: Scheme) -> None:
    result = Result.objects.get(audit=shared.audit)
    assert brand.rows("results/")[0]["under_appeal"] is False

    appeal = result.appeals.create(
        grounds="事実と違う。", raised_by=ours.manager, due_on=timezone.localdate()
    )
    assert brand.rows("results/")[0]["under_appeal"] is True
    assert "事実と違う" not in brand.get("results/").content.decode()

    appeal.decided_at = timezone.now()
    appeal.save()
    assert brand.rows("results/")[0]["under_appeal"] is False


def test_official_criteria_have_no_notice(brand: Api, shared: Shared) -> None:
    Result.objects.update(official=True)

    (result,) = brand.rows("results/")

    assert (result["official"], result["criteria_notice"]) == (True, None)


def test_findings_at_level_status_are_refused(brand: Api, shared: Shared) -> None:
    at_level(shared, Level.STATUS)

    answer = brand.get(f"audits/{shared.audit.pk}/findings/")

    assert answer.status_code == 403
    assert answer.json()["code"] == "level_too_low"
    assert not ReadRecord.objects.exists()


def test_findings_at_level_summary_are_counts(brand: Api, shared: Shared) -> None:
    at_level(shared, Level.SUMMARY)

    content = brand.json(f"audits/{shared.audit.pk}/findings/")

    assert content["level"] == "summary"
    assert content["findings"] is None
    assert sum(each["requirements"] for each in content["counts"]) == 84
    assert [each["category"]["number"] for each in content["counts"]] == list(range(1, 10))
    safety = content["counts"][4]
    severity = Finding.objects.get(audit=shared.audit, requirement__code="5-7").effective_severity
    assert safety["nonconforming"] == 1
    assert safety[severity] == 1
    assert safety["unacceptable"] + safety["major"] + safety["minor"] == 1
    for each in content["counts"]:
        judged = ("conforming", "nonconforming", "not_applicable", "unverifiable")
        assert sum(each[name] for name in judged) == each["requirements"]
    assert not ReadRecord.objects.exists()


def test_findings_at_level_full(brand: Api, shared: Shared) -> None:
    content = brand.json(f"audits/{shared.audit.pk}/findings/")

    assert len(content["findings"]) == 84
    (wrong,) = [each for each in content["findings"] if each["judgement"] == "nonconforming"]
    assert wrong["code"] == "5-7"
    assert wrong["severity"]
    assert wrong["report_text"]
    assert wrong["methods"]
    assert wrong["title_ja"]
    assert wrong["title_en"]
    (photo,) = wrong["evidence"]
    assert set(photo) == {"label", "sha256", "media_type", "caption", "taken_at"}
    assert len(photo["sha256"]) == 64


def test_corrective_action_at_level_full(brand: Api, shared: Shared) -> None:
    CorrectiveAction.objects.update(
        root_cause="原因", correction="処置", prevention="予防", responsible="課長"
    )

    (action,) = brand.rows("corrective-actions/")

    assert action["requirement"] == "5-7"
    assert action["category"] == 5
    assert action["plan"] == {
        "root_cause": "原因",
        "correction": "処置",
        "prevention": "予防",
        "responsible": "課長",
    }
    assert action["status"] == "open"
    assert action["overdue"] is False


def test_corrective_action_at_level_summary(brand: Api, shared: Shared) -> None:
    CorrectiveAction.objects.update(root_cause="秘密の原因")
    at_level(shared, Level.SUMMARY)

    (action,) = brand.rows("corrective-actions/")

    assert action["severity"]
    assert action["plan"] is None
    assert action["requirement"] is None
    assert "秘密" not in brand.get("corrective-actions/").content.decode()


def test_corrective_actions_are_not_part_of_level_status(brand: Api, shared: Shared) -> None:
    at_level(shared, Level.STATUS)

    assert brand.rows("corrective-actions/") == []


def test_other_brand_sees_nothing(stranger: Api, shared: Shared) -> None:
    for path in LISTS:
        assert stranger.rows(path) == [], path
    for path in addresses(shared.audit):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


@pytest.mark.parametrize("change", ["revoked", "expired"])
def test_grant_that_ended_shows_nothing_from_the_next_request(
    change: str, brand: Api, shared: Shared
) -> None:
    paths = addresses(shared.audit)
    for path in paths:
        assert brand.get(path).status_code == 200, path

    ended = (
        {"revoked_at": timezone.now()}
        if change == "revoked"
        else {"ends_on": shared.grant.starts_on}
    )
    SharingGrant.objects.filter(pk=shared.grant.pk).update(**ended)

    for path in LISTS:
        assert brand.rows(path) == [], path
    for path in paths:
        assert brand.get(path).status_code == 404, path


def test_audit_before_its_issue_is_not_there(brand: Api, ours: Scheme) -> None:
    audit = audit_at(Status.DECISION, ours)
    make_grant(ours.site, ours.brand)

    assert brand.get(f"audits/{audit.pk}/findings/").status_code == 404
    assert brand.rows("results/") == []


def test_nothing_internal_leaves(brand: Api, shared: Shared, theirs: Scheme, ours: Scheme) -> None:
    """Working notes, sealed evidence, comments and another supplier exist, and are in no answer."""
    audit_at(Status.ISSUED, theirs)
    finding = Finding.objects.get(audit=shared.audit, requirement__code="5-7")
    Finding.objects.filter(audit=shared.audit).update(working_note="内部メモ※XQ")
    finding.comments.create(kind="review", text="審査コメント※XQ", author=ours.reviewer)
    sealed = shared.audit.evidence.create(
        finding=finding,
        number=90,
        name="封印※XQ.jpg",
        sha256="f" * 64,
        media_type="image/jpeg",
        size=1,
        caption="封印※XQ",
        evidence_class=EvidenceClass.SEALED,
        added_by=ours.lead.user,
    )
    restricted = shared.audit.evidence.create(
        finding=finding,
        number=91,
        name="限定※XQ.jpg",
        sha256="e" * 64,
        media_type="image/jpeg",
        size=1,
        caption="限定※XQ",
        evidence_class=EvidenceClass.RESTRICTED,
        added_by=ours.lead.user,
    )
    secrets = [
        "※XQ",
        "working_note",
        sealed.sha256,
        restricted.sha256,
        str(sealed.pk),
        theirs.supplier.name_ja,
        str(theirs.supplier.pk),
        theirs.site.name_en,
        str(theirs.site.pk),
        ours.lead.user.name,
        ours.reviewer.email,
        ours.decider.name,
    ]

    for path in [*LISTS, *addresses(shared.audit), "requirements/"]:
        text = brand.get(path).content.decode()
        assert text, path
        for secret in secrets:
            assert secret not in text, (path, secret)


def test_full_findings_are_recorded_for_the_supplier(
    brand: Api, shared: Shared, ours: Scheme, theirs: Scheme
) -> None:
    path = f"audits/{shared.audit.pk}/findings/"
    etag = brand.get(path)["ETag"]

    (read,) = ReadRecord.objects.visible_to(ours.manager)
    assert (read.brand, read.audit, read.what) == (ours.brand, shared.audit, "findings")
    assert read.reader.is_service
    assert ReadRecord.objects.visible_to(ours.brand_user).count() == 1
    assert ReadRecord.objects.visible_to(ours.owner).count() == 1
    for other in (theirs.manager, theirs.brand_user, ours.desk):
        assert not ReadRecord.objects.visible_to(other).exists(), other

    # Nothing new went out with a 304, with counts alone, or with a refusal.
    brand.get(path, **{"if-none-match": etag})
    brand.get(f"{path}?fields=counts")
    brand.get(f"{path}?colour=red")
    assert ReadRecord.objects.count() == 1

    brand.get(path)
    assert ReadRecord.objects.count() == 2
