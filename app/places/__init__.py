"""Places that people search for, and the sensors that concern one place.

Addresses and streets come from PDOK, through this server and its cache. Municipalities, place names, kinds of sensors,
owners and registration numbers are found without any other server.
"""
