"""The embedded PostgreSQL cluster in `.local/`: created when missing, started on demand, stopped by its last user."""
