"""Pages for people: the start page, lists of sensors, and a page for each sensor behind its printed number.

It words what the register publishes; which sensors a page shows, `app/sensors` says.
Standard: WCAG 2.2 AA; every page works without JavaScript.
"""
