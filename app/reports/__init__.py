"""Residents' reports: what someone saw, asks or complains about, its way to who answers, and the answer."""
