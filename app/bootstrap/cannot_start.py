"""The error that stops a start or a set-up."""


class CannotStart(Exception):
    """A start needs an action of the user first; the message names it in one or two sentences.

    `dutch` is the same in Dutch, for who runs the register; what only a developer's set-up says is English in both.
    """

    def __init__(self, message: str, dutch: str | None = None) -> None:
        super().__init__(message)
        self.dutch = dutch or message
