"""Figures: how many sensors, whose and what for, of the country, a municipality, province, organisation or kind.

All numbers come from `app/statistics`, and each chart links to the same numbers as CSV.
"""
