"""Files that leave the register: the table of one owner, and a complete dump of all public data."""
