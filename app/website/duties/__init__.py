"""Pages of a municipality about its rule for owners of sensors, and about the organisations that it trusts."""
