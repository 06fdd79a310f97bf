"""The context of an action: the principal, the request and the day."""

from dataclasses import dataclass
from datetime import date

from app.access.principal import Principal


@dataclass(frozen=True, slots=True)
class ActionContext:
    """A principal, the id of the request, and the day in Europe/Amsterdam.

    `notification_term_days` is the notice that a municipality without a duty profile gets. With `is_never_late` the
    sensor was placed before there was a register, so that its notification is not late.
    """

    principal: Principal
    today: date
    request_id: str | None = None
    notification_term_days: int = 5
    is_never_late: bool = False
