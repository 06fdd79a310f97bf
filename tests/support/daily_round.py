"""The daily work of a job worker at a given moment, as a process: `python -m tests.support.daily_round MOMENT`.

The settings are those of the environment. It prints a line when it begins, so that a test can kill it after that.
"""

import sys
from datetime import datetime

from sqlalchemy import create_engine

from app.cli.daily_work import do_daily_work
from app.core.database import sqlalchemy_url
from app.core.settings import Settings


def do_round(moment: datetime) -> None:
    settings = Settings()
    assert settings.database_url is not None
    engine = create_engine(sqlalchemy_url(settings.database_url))
    print("begun", flush=True)
    do_daily_work(engine, settings, moment)
    engine.dispose()


if __name__ == "__main__":
    do_round(datetime.fromisoformat(sys.argv[1]))
