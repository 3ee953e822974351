"""Made-up rows for the documents of the export."""

from __future__ import annotations

from typing import Any

NOTICE = {
    "ja": "暫定基準:正式な判定基準は統括事務局がまだ定めていません。",
    "en": "Provisional criteria: the scheme owner has not yet set the official grading criteria.",
}
SITE_PART = {
    "id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "name_ja": "本社工場",
    "name_en": "Head mill",
}
AUDIT = "01890a5d-ac96-7ab2-80e2-4536629c90de"
LATEST: dict[str, Any] = {
    "id": "01890a5d-ac96-7cc1-9d1f-0d2b7d1e7a10",
    "number": "2026-00012",
    "grade": "A",
    "status": "valid",
    "issued_on": "2026-02-27",
    "renewal_due_on": "2028-02-27",
    "official": False,
    "criteria_notice": NOTICE,
}
SITE: dict[str, Any] = {
    **SITE_PART,
    "supplier": {
        "name_ja": "見本織物株式会社",
        "name_en": "Sample Textile Co., Ltd.",
        "corporate_number": "5000000000005",
    },
    "prefecture": {"code": 38, "name_ja": "愛媛県", "name_en": "Ehime"},
    "address": "今治市見本町1-1",
    "processes": ["weaving", "dyeing"],
    "os_id": "JP2026058000ABC",
    "level": "summary",
    "shared_until": "2027-03-31",
    "updated_at": "2026-02-27T16:20:05.104+09:00",
    "latest_result": LATEST,
}
RESULT: dict[str, Any] = {
    "id": LATEST["id"],
    "number": "2026-00012",
    "revision": 1,
    "audit": AUDIT,
    "site": SITE_PART,
    "grade": "A",
    "status": "valid",
    "issued_on": "2026-02-27",
    "renewal_due_on": "2028-02-27",
    "under_appeal": False,
    "standard": "2025",
    "body": {
        "id": "01890a5d-ac96-7d01-8f00-5a5a5a5a5a5a",
        "name_ja": "見本検査協会",
        "name_en": "Sample Inspection Association",
    },
    "verification_code": "7K2M9QXB40RT",
    "official": False,
    "criteria_notice": NOTICE,
    "updated_at": "2026-02-27T16:20:05.104+09:00",
}
CORRECTIVE_ACTION: dict[str, Any] = {
    "id": "01890a5d-ac96-7e02-a1b2-c3d4e5f60718",
    "audit": AUDIT,
    "site": SITE_PART,
    "category": 5,
    "requirement": "5-7",
    "severity": "minor",
    "status": "plan_accepted",
    "plan_due_on": "2026-03-29",
    "close_due_on": "2026-05-28",
    "overdue": False,
    "repeats": 1,
    "repeat_since": "2024-02-27",
    "verification": "desk",
    "closed_at": None,
    "plan": {
        "root_cause": "置き場が決まっていない。",
        "correction": "台車を移した。",
        "prevention": "床に線を引く。",
        "responsible": "製造課長",
    },
    "updated_at": "2026-03-10T09:41:12.870+09:00",
}
