"""The context of an action: the principal, the request and the day."""

from dataclasses import dataclass
from datetime import date

from app.access.principal import Principal


@dataclass(frozen=True, slots=True)
class ActionContext:
    """A principal, the id of the request, and the day in Europe/Amsterdam."""

    principal: Principal
    today: date
    request_id: str | None = None
    notification_term_days: int = 5
