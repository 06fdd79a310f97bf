"""Principals, their keys, and the roles that organisations grant them.

It decides who may do what ("may this principal edit for this organisation?") and does not depend on what is edited.
"""
