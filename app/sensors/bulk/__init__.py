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

`assess` writes nothing to the register. `apply` writes the sound records alone: whoever wants all or nothing does not
call it when `assessment.refused` is not 0. `report` is told how many records are written, and may raise to break off;
nothing is kept then, since all of it is one transaction.

A record is checked by the rules of `app/sensors/validation.py`, like any other: what differs is that each answer is
remembered (`cells`), that places are computed for a batch (`geometries`), and that what needs the database is asked of
all records together (`assessing`). Nothing here runs a statement for each record.

- While a refused record may be any sensor of the owner (no reference that can be read, a reference that is there
  twice, another owner), nothing is missing and nothing is ended.
- A removed sensor is amended like any other: it stays removed unless the file says otherwise. A file that is the
  whole says so by having it: a source that lacked a sensor for one night has not ended it for good.
- A withdrawn registration counts as not there: the record is new, under the same registration number.
"""

from app.sensors.bulk.intake import Intake
from app.sensors.bulk.outcomes import Applied, Assessment, Undone
from app.sensors.bulk.undoing import undo_import

__all__ = ["Applied", "Assessment", "Intake", "Undone", "undo_import"]
