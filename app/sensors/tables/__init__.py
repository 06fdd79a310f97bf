"""The tables of sensors: `register` holds private registrations, `publication` holds what the public may read."""
