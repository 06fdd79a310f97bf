"""Rows of a file or feed as registration requests: table layouts, cell parsers, coordinates, geocoding."""
