"""Made-up answers for the documents of the export."""

from __future__ import annotations

from typing import Any

from audits.api.examples import AUDIT, NOTICE, SITE_PART

FINDINGS: dict[str, Any] = {
    "id": AUDIT,
    "number": "JASTI-2026-0012",
    "site": SITE_PART,
    "standard": "2025",
    "level": "full",
    "official": False,
    "criteria_notice": NOTICE,
    "counts": [
        {
            "category": {"number": 5, "name_ja": "安全と健康", "name_en": "Safety and health"},
            "requirements": 22,
            "conforming": 20,
            "nonconforming": 1,
            "not_applicable": 1,
            "unverifiable": 0,
            "unacceptable": 0,
            "major": 0,
            "minor": 1,
        }
    ],
    "findings": [
        {
            "code": "5-7",
            "category": 5,
            "title_ja": "通路と避難経路",
            "title_en": "Aisles and escape routes",
            "judgement": "nonconforming",
            "severity": "minor",
            "methods": ["observation"],
            "clauses_not_met": ["5-7-1"],
            "report_text": "通路の一部に台車が置かれていた。",
            "reason": "",
            "taken_over_from": None,
            "evidence": [
                {
                    "label": "E-031",
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "media_type": "image/jpeg",
                    "caption": "通路の台車",
                    "taken_at": "2026-02-10T10:15:00+09:00",
                }
            ],
        }
    ],
}
REPORT: dict[str, Any] = {
    "id": "01890a5d-ac96-7a11-9a9a-aa00bb11cc22",
    "audit": AUDIT,
    "number": "JASTI-2026-0012",
    "site": SITE_PART,
    "revision": 1,
    "language": "ja",
    "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "size": 412034,
    "pages": 21,
    "stands": True,
    "ready_at": "2026-02-27T16:20:31.002+09:00",
    "updated_at": "2026-02-27T16:20:31.002+09:00",
    "pdf": "https://orime.example/api/v1/reports/01890a5d-ac96-7a11-9a9a-aa00bb11cc22/pdf",
    "json": "https://orime.example/api/v1/reports/01890a5d-ac96-7a11-9a9a-aa00bb11cc22/json",
}
SNAPSHOT: dict[str, Any] = {"schema": 1}
