"""How fast the register answers, beside a bare application on the same database: `make bench`."""
