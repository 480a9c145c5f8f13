"""Counting SQL statements: a ceiling that does not depend on the machine."""

from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def statements(session):
    """Collect the statements that a block executes; one `executemany` counts once."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "BEGIN")):
            seen.append(statement)

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
