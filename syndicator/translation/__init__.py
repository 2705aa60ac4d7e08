"""Segments, markup, glossary, checks, memory files: all between an article and its assembled translation.

Everything here is a function of values; asking engines and keeping answers is the business of others.
"""
