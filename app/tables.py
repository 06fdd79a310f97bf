"""The whole schema: imports every package's tables, so that migrations and tests see them all."""

from app.access import tables as access
from app.audit import tables as audit
from app.core import daily_tasks, failed_jobs
from app.core.database import Base
from app.duties import tables as duties
from app.imports import tables as imports
from app.mail import tables as mail
from app.municipalities import tables as municipalities
from app.organisations import tables as organisations
from app.reports import tables as reports
from app.sensors.tables import (
    behalf,
    drafts,
    handling,
    links,
    publication,
    receipts,
    register,
    reminders,
    reviews,
    term_use,
    transfers,
)
from app.vocabularies import tables as vocabularies

OWNERS = (
    daily_tasks,
    failed_jobs,
    audit,
    mail,
    access,
    organisations,
    vocabularies,
    municipalities,
    duties,
    register,
    drafts,
    reminders,
    reviews,
    links,
    receipts,
    handling,
    term_use,
    transfers,
    behalf,
    publication,
    imports,
    reports,
)
METADATA = Base.metadata
SCHEMAS = frozenset(table.schema for table in METADATA.tables.values())
