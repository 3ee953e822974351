"""The texts of the demo as files beside this module, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def read(name: str) -> Any:
    """Return the contents of `<name>.yaml`: a mapping or a list, not to be changed."""
    path = Path(__file__).parent / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))
