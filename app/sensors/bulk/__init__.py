"""Bulk registration: what `register_sensor` and `amend_sensor` do for one record, for the records of a file.

    with transaction(engine) as session:
        bulk_import = BulkImport(session, context)
        for records in batches:                                # of some thousands: [(key, given), …]
            problems = bulk_import.take(records, refused)      # by key: problems of a record by itself
        counts = bulk_import.classify(complete_for=owner)        # compares all records with the register
        for problems in bulk_import.read_problems(): ...       # by key, some thousands of records at a time
        for warnings in bulk_import.read_warnings(): ...       # of records that are new or changed
        differences = bulk_import.find_differences()           # of the changed records
        planned = bulk_import.find_planned()                   # where the first of them are
        applied = bulk_import.apply(import_id=…, end_missing_of=owner, report=print)

`key` is the ordinal of the record in its file, and rises. `given` holds wire names, always with `owner`; geometries may
be shapes in longitude and latitude. `refused` holds the keys of records that are refused already, because a cell could
not be parsed: they are checked, so that all problems are reported at once, and are not written. For a sensor that is
registered (by owner and reference), an absent field keeps its registered value and None empties it.

`classify` writes nothing to the register. `apply` writes the valid records only: a caller that wants all or nothing
does not call it when records were refused. `report` receives the number of records written, and may raise to cancel;
nothing is stored then, since an import is one transaction.

Records are checked by the rules of `app/sensors/registration/validation.py`, like a single one. The difference is
that results are cached (`parse_cache`), geometries are computed per batch (`geometry_arrays`), and the database is
queried for all records together (`classify`). Nothing here runs a statement for each record.

- While a refused record may be any sensor of the owner (no readable reference, a repeated reference, another owner), no
  sensor counts as missing and none is ended.
- A removed sensor is amended like any other: it stays removed unless the file has another `removedOn`. A complete file
  restores it by containing it: a source that lacked a sensor for one night has not ended it for good.
- A rejected or withdrawn registration counts as not there: the record is new, under the same registration number.
"""

from app.sensors.bulk.importer import BulkImport
from app.sensors.bulk.results import Applied, Classification, Differences, PlannedPlace, Undone
from app.sensors.bulk.undo import revert_import

__all__ = [
    "Applied",
    "BulkImport",
    "Classification",
    "Differences",
    "PlannedPlace",
    "Undone",
    "revert_import",
]
