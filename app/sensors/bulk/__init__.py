"""Many registrations at once: what `register_sensor` and `amend_sensor` do for one record, for a file of them.

    with transaction(engine) as session:
        intake = Intake(session, ask)
        for records in batches:                         # of some thousands: [(key, given), …]
            problems = intake.take(records, refused)    # by key: what is wrong with a record by itself
        assessment = intake.assess(complete_for=owner)  # what can only be seen of all together: counts
        for problems in intake.read_problems(): ...     # by key, some thousands of records at a time
        for warnings in intake.read_warnings(): ...     # of records that are new or changed
        applied = intake.apply(import_id=…, end_missing_of=owner, report=print)

`key` is the ordinal of the record in its file, and rises. `given` holds wire names, always with `owner`; geometries may
be shapes in longitude and latitude. `refused` holds the keys of records that are refused already, for what could not
be read of them: they are checked to have all problems at once, and are not written. For a sensor that is registered
(by owner and reference), a field that is absent stays as it is registered and None empties it.

`classify` writes nothing to the register. `write` writes the valid records only: a caller that wants all or nothing
does not call it when records were refused. `report` receives the number of records written, and may raise to cancel;
nothing is stored then, since an import is one transaction.

Records are checked by the rules of `app/sensors/registration/validation.py`, like a single one. The difference is
that results are cached (`parse_cache`), geometries are computed per batch (`geometries`), and the database is queried
for all records together (`classify`). Nothing here runs a statement for each record.

- While a refused record may be any sensor of the owner (no reference that can be read, a reference that is there
  twice, another owner), nothing is missing and nothing is ended.
- A removed sensor is amended like any other: it stays removed unless the file says otherwise. A file that is the
  whole says so by having it: a source that lacked a sensor for one night has not ended it for good.
- A withdrawn registration counts as not there: the record is new, under the same registration number.
"""

from app.sensors.bulk.importer import BulkImport
from app.sensors.bulk.results import Applied, Classification, Undone
from app.sensors.bulk.undo import revert_import

__all__ = ["Applied", "BulkImport", "Classification", "Undone", "revert_import"]
