"""Imports: files of sensors that are checked, applied and undone as a whole, each step done by a job.

This package reads files and their headings. `app/sensors` decides which sensors are valid, and writes them.
"""
