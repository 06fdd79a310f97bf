"""Harvests: sensors of an OGC API Features collection or a SensorThings server, imported by a mapping.

This package parses mapping files, calls other servers without being led into the operator's own network, and turns
their items into records. `app/imports` checks and writes those records like the rows of a file.
Source: OGC API - Features part 1 (17-069r4); OGC SensorThings API part 1, version 1.1 (18-088).
"""
