"""The register of sensors in public space: who measures what, where, why, on what legal basis, for how long."""
