"""The submission target that is there from the beginning: whoever hires 特定技能 workers needs it."""

from __future__ import annotations

# The further requirements of the textile industry besides an audit; the scheme owner changes them
# on the page of the targets when the rules change.
FIRST: dict[str, object] = {
    "name_ja": "特定技能(工業製品製造技能人材機構 JAIM)",
    "name_en": "Specified Skilled Workers (JAIM)",
    "recipient_ja": "一般社団法人 工業製品製造技能人材機構(JAIM)",
    "recipient_en": "JAIM (Kogyo Seihin Seizo Gino Jinzai Kiko)",
    "minimum_months": 3,
    "cover_language": "ja",
    "statement_language": "ja",
    "report_language": "",
    "requirements": [
        {
            "code": "r1",
            "text": {
                "ja": "勤怠を電子的に管理している",
                "en": "Attendance is recorded electronically",
            },
            "proof": {
                "ja": "勤怠管理システムの名称と画面の写しなど",
                "en": "name of the attendance system and a copy of its page",
            },
            "asks_day": False,
            "asks_address": False,
        },
        {
            "code": "r2",
            "text": {
                "ja": "パートナーシップ構築宣言を公表している",
                "en": "The Declaration of Partnership Building is published",
            },
            "proof": {
                "ja": "ポータルサイトに掲載された宣言(掲載日とアドレス)",
                "en": "the declaration on its portal site (day and address)",
            },
            "asks_day": True,
            "asks_address": True,
        },
        {
            "code": "r3",
            "text": {
                "ja": "特定技能外国人の給与を月給制としている",
                "en": "Specified skilled workers are paid a monthly salary",
            },
            "proof": {
                "ja": "雇用契約書、雇用条件書など",
                "en": "employment contracts and statements of working conditions",
            },
            "asks_day": False,
            "asks_address": False,
        },
    ],
}
