"""Puts the parts together and decides when and where the steps run."""
