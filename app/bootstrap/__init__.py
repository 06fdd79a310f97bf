"""Set-up on a fresh machine: packages from apt, PyPI and npm, the website's assets and the coordinate grid.

It runs before anything is installed, so it and its imports use only the standard library.
Source: docs/operations.md.
"""
