"""Suppliers in the console: the list, one of them, and merging what was registered twice."""
