"""The letters about audits: their sentences, to whom they go and when, by what they are about."""

from __future__ import annotations

from audits.letters import (
    corrections as corrections,
    events as events,
    moves as moves,
    reminders as reminders,
)
from audits.letters.audiences import Audience as Audience
