"""The start page: one search box, a map of the country, three numbers, the latest changes, and whom to ask."""
