"""Pages for people: the start page, lists of sensors, and a page for each sensor at its registration number.

Pages show what the register publishes; `app/sensors` decides which sensors these are.
Standard: WCAG 2.2 AA; every page works without JavaScript.
"""
