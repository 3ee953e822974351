"""Measurements of Orime: each module named in `__main__` measures one thing and returns figures."""
