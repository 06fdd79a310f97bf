"""Pictures of the website for the documentation, made from a running register."""
