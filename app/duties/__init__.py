"""Rules of municipalities for owners of sensors, dated, and the organisations that they trust."""
