"""Fields that several forms of the room, and of the rooms above, are made of."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day chosen with the browser's own calendar; typed as 2026-11-23 without one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)
