"""Pages of an organisation about itself: its people with their roles, invitations, and keys."""
