"""The private audit trail: one entry per action (by whom, when, why, on whose behalf), never changed afterwards."""
