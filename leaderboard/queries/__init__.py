"""Reads: rows of the database become frozen values that pages and the API show. Nothing here writes."""
