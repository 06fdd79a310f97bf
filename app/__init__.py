"""The register of sensors in public space: who measures what, where, why, on which ground, for how long."""
