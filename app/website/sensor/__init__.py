"""The page of one sensor, and the form that leads to it by its registration number."""
