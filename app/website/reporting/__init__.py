"""Pages of residents' reports: the form and its private link, and the inbox of who answers."""
