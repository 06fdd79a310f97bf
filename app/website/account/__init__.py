"""Signing in and out with a browser, and what a person sees of the own access: roles, organisation and sessions."""
