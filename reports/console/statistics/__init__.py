"""The statistics explorer: pages, pictures and tables."""
