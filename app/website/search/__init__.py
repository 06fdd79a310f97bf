"""The page of results of the search box, for a text that may mean several things."""
