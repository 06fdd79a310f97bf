"""The lists from which fields are filled: terms with Dutch and English labels, as rows, not as code.

A vocabulary is closed (an unknown value is refused, naming the nearest term) but grows without a release.
"""
