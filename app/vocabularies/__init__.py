"""Vocabularies: lists of the values of fields, with Dutch and English labels, as rows in the database.

A vocabulary is closed (an unknown value is refused, with the nearest term), and terms are added without a release.
"""
