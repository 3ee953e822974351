"""How printed papers are kept, checked and made again."""
