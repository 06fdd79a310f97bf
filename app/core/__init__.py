"""Infrastructure: HTTP, PostgreSQL, settings, languages and errors, without any knowledge of sensors."""
