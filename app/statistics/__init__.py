"""Statistics of the register: how many sensors, by the values of their properties."""
