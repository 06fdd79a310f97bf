"""Taking over the sensors of another register, by a mapping: an OGC API Features collection or a SensorThings server.

It owns the mapping file, the asking of strangers' servers without being led into one's own network, and the turning of
their items into records; what becomes of those is decided by the same import as a file's.
Source: OGC API - Features part 1 (17-069r4); OGC SensorThings API part 1, version 1.1 (18-088).
"""
