"""The only HTTP client of the register: it connects to checked addresses alone, within limits of size and time."""
