"""Plumbing: HTTP, PostgreSQL, settings, languages and errors; it knows nothing of sensors."""
