"""Coordinates: reference systems, boxes, geometries and fields of view; it knows no sensor and no table.

Positions are longitude, latitude in ETRS89 (written as CRS84) and x, y in metres of RD New, always in that
order; only the edges, where text is read or written, know of latitude first.
Source: RDNAPTRANS2018; OGC API Features parts 1 and 2; RFC 7946.
"""
