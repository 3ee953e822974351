"""Template tags of the page ground."""
