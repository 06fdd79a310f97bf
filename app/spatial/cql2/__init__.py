"""Filters in CQL2, text or JSON, as SQL conditions with bound values.

A filter is read (`parsing.py`) into the standard's JSON tree, and that tree is translated (`translation.py`) with
the properties the caller allows and the functions listed here: nothing else reaches the database.
Source: OGC 21-065r2, Common Query Language (CQL2).
"""
