"""`python3 -m app.bootstrap`: set-up. Any Python 3 can parse this file, so that an old one reports its version."""

import os
import shutil
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python must be able to parse
    for minor in (14, 13, 12, 11):
        newer = shutil.which("python3.%d" % minor)  # noqa: UP031 - an older Python parses this
        if newer:
            os.execv(newer, [newer, "-m", "app.bootstrap", *sys.argv[1:]])  # noqa: S606 - no shell is needed
    sys.exit(
        "The register needs Python 3.11 or newer, and python3 here is %d.%d.\n"  # noqa: UP031 - an older Python parses this
        "On Ubuntu 22.04: sudo apt-get install python3.11-venv" % sys.version_info[:2]
    )

from app.bootstrap.setup import main

main()
