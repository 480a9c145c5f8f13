"""Substring search that stays fast: trigrams in SQLite (FTS5) and in PostgreSQL (pg_trgm).

Together with `db` this is one of the few places that know which database they speak to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

SHORTEST = 3
"""Shorter words have no trigram; they are looked for without an index."""
MAX_WORDS = 8
MAX_LENGTH = 200

# Row numbers of a table without an integer key change in VACUUM, hence a table of our own for them.
_SQLITE = """
CREATE TABLE IF NOT EXISTS ${table}_search_key (
    number INTEGER PRIMARY KEY, item_id CHAR(32) NOT NULL UNIQUE
)

DROP VIEW IF EXISTS ${table}_search_source

CREATE VIEW ${table}_search_source AS
    SELECT number, search_text FROM ${table}_search_key JOIN ${table} ON id = item_id

CREATE VIRTUAL TABLE IF NOT EXISTS ${table}_search USING fts5(
    search_text, tokenize = 'trigram',
    content = '${table}_search_source', content_rowid = 'number'
)

DROP TRIGGER IF EXISTS ${table}_search_added

CREATE TRIGGER ${table}_search_added AFTER INSERT ON ${table} BEGIN
    INSERT INTO ${table}_search_key(item_id) VALUES (new.id);
    INSERT INTO ${table}_search(rowid, search_text)
        SELECT number, new.search_text FROM ${table}_search_key WHERE item_id = new.id;
END

DROP TRIGGER IF EXISTS ${table}_search_changed

CREATE TRIGGER ${table}_search_changed AFTER UPDATE OF ${watched} ON ${table}
WHEN old.search_text <> new.search_text BEGIN
    INSERT INTO ${table}_search(${table}_search, rowid, search_text)
        SELECT 'delete', number, old.search_text FROM ${table}_search_key WHERE item_id = old.id;
    INSERT INTO ${table}_search(rowid, search_text)
        SELECT number, new.search_text FROM ${table}_search_key WHERE item_id = new.id;
END

DROP TRIGGER IF EXISTS ${table}_search_removed

CREATE TRIGGER ${table}_search_removed AFTER DELETE ON ${table} BEGIN
    INSERT INTO ${table}_search(${table}_search, rowid, search_text)
        SELECT 'delete', number, old.search_text FROM ${table}_search_key WHERE item_id = old.id;
    DELETE FROM ${table}_search_key WHERE item_id = old.id;
END

DELETE FROM ${table}_search_key

INSERT INTO ${table}_search_key(item_id) SELECT id FROM ${table}

INSERT INTO ${table}_search(${table}_search) VALUES ('rebuild')
"""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words to look for, lower case, each once; what exceeds the limits is left out."""
    cleaned = text[:MAX_LENGTH].replace("\0", " ").lower()
    return tuple(dict.fromkeys(cleaned.split()))[:MAX_WORDS]


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """An index over the column `search_text` of a table with the primary key `id`.

    Attributes:
        table: the table.
        watched: the columns of which `search_text` is made.
    """

    table: str
    watched: Sequence[str]

    def install(self, connection: sa.Connection) -> None:
        """Create what the search needs and index what is there; a second time does no harm.

        Rebuilding a table on SQLite drops its triggers: migrations that do so call this again.
        """
        if connection.dialect.name == "sqlite":
            names = {"table": self.table, "watched": ", ".join(self.watched)}
            for statement in Template(_SQLITE).substitute(names).split("\n\n"):
                connection.exec_driver_sql(statement)
        elif self._has_trigrams(connection):
            connection.exec_driver_sql(
                f"CREATE INDEX IF NOT EXISTS ix_{self.table}_search_text"
                f" ON {self.table} USING gin (search_text gin_trgm_ops)"
            )

    def uninstall(self, connection: sa.Connection) -> None:
        """Remove what `install` has created, before the table itself goes."""
        if connection.dialect.name == "sqlite":
            for ending in ("added", "changed", "removed"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {self.table}_search_{ending}")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self.table}_search")
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {self.table}_search_source")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self.table}_search_key")
        else:
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS ix_{self.table}_search_text")

    def contains(self, dialect: str, table: Any, word: str) -> sa.ColumnElement[bool]:
        """Return the condition that a row's text contains a word, in lower case."""
        if dialect != "sqlite" or len(word) < SHORTEST:
            return table.search_text.contains(word, autoescape=True)
        keys = sa.table(
            f"{self.table}_search_key",
            sa.column("number", sa.Integer()),
            sa.column("item_id", sa.Uuid()),
        )
        index = sa.table(f"{self.table}_search", sa.column("rowid", sa.Integer()))
        phrase = '"' + word.replace('"', '""') + '"'
        matches = sa.literal_column(index.name).op("MATCH")(phrase)
        numbers = sa.select(index.c.rowid).where(matches)
        return table.id.in_(sa.select(keys.c.item_id).where(keys.c.number.in_(numbers)))

    def _has_trigrams(self, connection: sa.Connection) -> bool:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DBAPIError:
            # Without the right, or without the package, the search reads the table instead.
            return False
        return True
