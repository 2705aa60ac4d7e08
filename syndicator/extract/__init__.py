"""Turns feeds, pages and pasted texts into articles."""
