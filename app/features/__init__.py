"""The public answers: published sensors, what they observe and their municipalities, as OGC API Features.

It reads requests and writes documents; which sensors there are is decided by `SensorSearch` alone, and no rule of the
register lives here. Source: OGC API Features part 1, 17-069r4.
"""
