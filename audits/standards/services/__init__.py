"""Bringing a standard into the system, into force and out of it again."""

from __future__ import annotations

from audits.standards.services.activating import activate_standard as activate_standard
from audits.standards.services.loading import Loaded as Loaded, load_catalogue as load_catalogue
