"""The sensors of an organisation as a table for its editors: search, choose, and change many at once."""
