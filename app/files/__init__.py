"""Files of tables: readers, writers, and annotations in a copy of a file. Nothing here knows what a sensor is."""
