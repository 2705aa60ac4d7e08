"""Reads the config: its shape, every mistake in it with its place, and the plain values it stands for.

Nothing is imported here, so that a command that needs no config pays nothing for it.
"""
