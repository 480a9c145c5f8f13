"""Substring search that stays fast: trigrams in SQLite (FTS5) and in PostgreSQL (pg_trgm).

Together with `db` this is one of the few places that know which database they speak to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

SHORTEST = 3
"""Shorter words have no trigram; they are looked for without an index."""
MAX_WORDS = 8
MAX_LENGTH = 200


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
            for statement in self._sqlite_statements():
                connection.exec_driver_sql(statement)
        elif self._has_trigrams(connection):
            connection.exec_driver_sql(
                f"CREATE INDEX IF NOT EXISTS ix_{self.table}_search_text"
                f" ON {self.table} USING gin (search_text gin_trgm_ops)"
            )

    def contains(self, dialect: str, table: Any, word: str) -> sa.ColumnElement[bool]:
        """Return the condition that a row's text contains a word, in lower case."""
        if dialect != "sqlite" or len(word) < SHORTEST:
            return table.search_text.contains(word, autoescape=True)
        found = sa.text(
            f"SELECT item_id FROM {self.table}_search_key WHERE number IN"  # noqa: S608 — our names
            f" (SELECT rowid FROM {self.table}_search WHERE {self.table}_search MATCH :phrase)"
        )
        phrase = '"' + word.replace('"', '""') + '"'
        keys = found.bindparams(sa.bindparam("phrase", phrase, unique=True))
        return table.id.in_(keys.columns(sa.column("item_id", sa.Uuid())))

    def _has_trigrams(self, connection: sa.Connection) -> bool:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except sa.exc.DBAPIError:
            # Without the right, or without the package, the search reads the table instead.
            return False
        return True

    def _sqlite_statements(self) -> list[str]:
        # Row numbers of a table without an integer key change in VACUUM, hence a table of our own.
        name, key = f"{self.table}_search", f"{self.table}_search_key"
        number = f"(SELECT number FROM {key} WHERE item_id = %s.id)"
        add = (
            f"INSERT INTO {name}(rowid, search_text) VALUES"  # noqa: S608 — our names
            f" ({number % 'new'}, new.search_text);"
        )
        remove = (
            f"INSERT INTO {name}({name}, rowid, search_text) VALUES"  # noqa: S608 — our names
            f" ('delete', {number % 'old'}, old.search_text);"
        )
        return [
            f"CREATE TABLE IF NOT EXISTS {key}"
            " (number INTEGER PRIMARY KEY, item_id CHAR(32) NOT NULL UNIQUE)",
            f"DROP VIEW IF EXISTS {name}_source",
            f"CREATE VIEW {name}_source AS SELECT number, search_text"
            f" FROM {key} JOIN {self.table} ON id = item_id",
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5(search_text,"
            f" tokenize = 'trigram', content = '{name}_source', content_rowid = 'number')",
            *(f"DROP TRIGGER IF EXISTS {name}_{act}" for act in ("added", "changed", "removed")),
            f"CREATE TRIGGER {name}_added AFTER INSERT ON {self.table} BEGIN"
            f" INSERT INTO {key}(item_id) VALUES (new.id); {add} END",
            f"CREATE TRIGGER {name}_changed AFTER UPDATE OF {', '.join(self.watched)}"
            f" ON {self.table} WHEN old.search_text <> new.search_text BEGIN {remove} {add} END",
            f"CREATE TRIGGER {name}_removed AFTER DELETE ON {self.table} BEGIN {remove}"
            f" DELETE FROM {key} WHERE item_id = old.id; END",
            f"DELETE FROM {key}",
            f"INSERT INTO {key}(item_id) SELECT id FROM {self.table}",
            f"INSERT INTO {name}({name}) VALUES ('rebuild')",
        ]
