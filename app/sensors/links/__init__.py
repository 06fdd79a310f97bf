"""Checking that the links in public registrations answer: each at most once a week, one request to a host at a time.

Private addresses are never asked: the guarded client of `app/core/http_client` refuses them, also after a redirect.
"""
