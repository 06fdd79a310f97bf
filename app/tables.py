"""The whole schema: imports every package's tables, so that migrations and tests see them all."""

from app.access import models as access
from app.audit import models as audit
from app.core.database import Base
from app.exchange import models as exchange
from app.municipalities import models as municipalities
from app.organisations import models as organisations
from app.sensors import models as sensors
from app.sensors import published
from app.vocabularies import models as vocabularies

OWNERS = (audit, access, organisations, vocabularies, municipalities, sensors, published, exchange)
METADATA = Base.metadata
SCHEMAS = frozenset(table.schema for table in METADATA.tables.values())
