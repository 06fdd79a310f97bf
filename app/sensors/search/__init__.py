"""Search of sensors: its parameters, its SQL statements, and pages of finished GeoJSON from the publication."""
