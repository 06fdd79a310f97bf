"""Who did what, when, why and on whose behalf: one private entry per action, never changed afterwards."""
