"""Pages of the standard: its versions, their import, comparison, mapping, change-over and acts."""
