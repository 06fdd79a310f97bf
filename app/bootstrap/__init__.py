"""Set-up on a fresh machine: what the register needs from apt, PyPI and npm, and its coordinate grid.

It runs before anything is installed, so it and all it imports use the standard library alone.
Source: docs/operations.md.
"""
