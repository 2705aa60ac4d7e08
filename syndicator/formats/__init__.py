"""Feeds as bytes: RSS, Atom, JSON Feed, the subscription list and the landing page."""
