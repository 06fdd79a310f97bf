"""Reviewing what others submit: the queue of a municipality, one submission beside what is published, and decisions."""
