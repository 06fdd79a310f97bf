"""Pages of what was done: the history of one registration, and the actions of an organisation."""
