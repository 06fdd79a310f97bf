"""Municipalities: their boundaries, in yearly editions, and the municipality of a place.

It owns the editions and their succession, not the sensors; the caller reassigns those.
Standard: Kadaster and CBS "Bestuurlijke Gebieden"; municipality codes as `GM0363`.
"""
