"""A process that carries discovery out until somebody kills it: `python -m … DATABASE FOLDER`."""

import sys
from pathlib import Path

from sqlalchemy.orm import sessionmaker

import cmdb.accounts.models
import cmdb.reconcile.models  # noqa: F401 — all tables make themselves known
from catalog.jobs.embedded import EmbeddedCarrier
from catalog.jobs.workplace import Workplace
from cmdb.kernel.db import create_engine
from tests.storage.jobs.conftest import OneCommunity


def main() -> None:
    url, folder = sys.argv[1:]
    engine = create_engine(url)
    place = Workplace(sessionmaker(engine), OneCommunity(), Path(folder))
    carrier = EmbeddedCarrier(place, workers=2, tick_seconds=1)
    carrier.start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
