"""The snapshot: everything a report says as plain data, without what must not leave the scheme."""

from __future__ import annotations

from reports.snapshot.building import (
    SCHEMA_VERSION as SCHEMA_VERSION,
    build_snapshot as build_snapshot,
)
from reports.snapshot.canonical import canonical as canonical, fingerprint as fingerprint
