"""Reminders of dates that come near: whom to remind of what, and the link by which an organisation confirms sensors.

The mail itself is written above, by `app/website/todo`, which has the addresses of pages.
"""
