"""Personal data about users and reporters: what is stored, exported to the person, erased, and deleted in time."""
