"""Municipalities: their boundaries, one edition a year, and which of them a place lies in.

It owns the editions and their succession, never a sensor; sensors are re-assigned by the caller.
Standard: Kadaster and CBS "Bestuurlijke Gebieden"; municipality codes as `GM0363`.
"""
