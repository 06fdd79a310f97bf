"""Commands that bring sensors in: import, harvest, and the list of imports."""
