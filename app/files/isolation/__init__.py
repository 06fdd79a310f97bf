"""Files of strangers, read in a process of their own with limits of time, memory and processor (decision 0041).

A file that makes its reader die, hang or grow is refused in words; the process that asked for it goes on.
"""

from app.files.isolation.annotating import annotate_isolated_file
from app.files.isolation.calls import detect_isolated_format
from app.files.isolation.limits import ProcessLimits
from app.files.isolation.reading import open_isolated_source

__all__ = ["ProcessLimits", "annotate_isolated_file", "detect_isolated_format", "open_isolated_source"]
