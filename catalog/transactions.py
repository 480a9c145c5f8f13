"""The only place where a transaction is committed."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.orm import Session, scoped_session


@contextmanager
def unit_of_work(session: Session | scoped_session[Session]) -> Generator[None, None, None]:
    """Commit what the block changes, all of it or nothing.

    On SQLite the transaction takes the write lock at its start (see `kernel.db.prepare_engine`), so
    that a second writer waits instead of failing. What was read before the block belongs to an
    older transaction, which is ended first.
    """
    session.commit()
    session.connection(execution_options={"begin_immediate": True})
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
