"""The settings area: /settings, with a part for each thing that people set (see areas.py)."""
