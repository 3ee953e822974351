"""A scheme of any size, made in bulk for measurements: `manage.py generate_load`."""
