"""Reading the spreadsheets of suppliers that the trade keeps: from a file's bytes to clean rows."""

from __future__ import annotations

from suppliers.imports.problems import FileRefused, Problem
from suppliers.imports.reading import Parsed, read_suppliers
from suppliers.imports.rows import SupplierRow

__all__ = ["FileRefused", "Parsed", "Problem", "SupplierRow", "read_suppliers"]
