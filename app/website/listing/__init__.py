"""The list of sensors, with its search."""
