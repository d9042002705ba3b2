"""Measurements, each with its target: `python -m bench.<name>`."""
