"""Ingests articles, machine-translates them and publishes per-language feeds."""

__version__ = "0.1.0"
