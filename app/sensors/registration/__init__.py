"""Registrations by owners and municipalities: validation, versions, permissions, and their routes."""
