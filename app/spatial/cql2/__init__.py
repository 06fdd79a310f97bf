"""Filters in CQL2, text or JSON, as SQL conditions with bound values.

`parsing.py` parses a filter into the JSON tree of the standard. `translation.py` translates that tree, with only the
properties that the caller allows and the functions listed here.
Source: OGC 21-065r2, Common Query Language (CQL2).
"""
