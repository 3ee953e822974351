"""Tests in a real browser on a really running stack."""
