"""Texts, languages and addresses: what extraction, translation and formats all need."""
