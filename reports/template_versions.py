"""Which edition of its template each paper is printed with; raised with every change one can see.

They stand apart from the templates because pages name them without loading the typesetter.
"""

from __future__ import annotations

REPORT = "2"
PRELIMINARY = "2"
CONSENT = "2"
SUBMISSION = "2"
PLAN = "1"
