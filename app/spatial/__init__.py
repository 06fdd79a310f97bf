"""Coordinates: reference systems, boxes, geometries and fields of view. No sensors and no tables.

Positions are longitude, latitude in ETRS89 (written as CRS84), or x, y in metres of RD New, always in that order.
Latitude comes first only where text is parsed or written.
Source: RDNAPTRANS2018; OGC API Features parts 1 and 2; RFC 7946.
"""
