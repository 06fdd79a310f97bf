"""Bulk in and out: files of sensors that are checked, imported and undone as a whole, and the tables and dumps that
leave the register. It knows files and their headings; what a sound sensor is, and how it is written, is the business
of `app/sensors`.
"""
