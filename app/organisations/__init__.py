"""Owners, operators and controllers of sensors: a public face, and what stays private beside it.

The name, KVK number and address of a private person or sole trader never enter the public face.
"""
