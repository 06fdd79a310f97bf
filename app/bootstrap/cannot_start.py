"""What stops a start or a set-up."""


class CannotStart(Exception):
    """The person at the keyboard must do something first; the message says what, in one or two sentences."""
