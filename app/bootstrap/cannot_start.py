"""The error that stops a start or a set-up."""


class CannotStart(Exception):
    """A start needs an action of the user first; the message names it in one or two sentences."""
