"""Signatures of printed papers: `keys` says with what, `pades` signs; the web needs only the keys."""
