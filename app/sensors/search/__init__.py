"""Which sensors: a search, its SQL statements, and pages of finished GeoJSON from the publication."""
