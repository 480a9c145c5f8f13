"""The export of the list as CSV (RFC 4180): exactly what the filter selects, streamed.

It begins with a byte order mark, by which spreadsheets recognise UTF-8.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from flask_babel import gettext

from catalog.web.devices.columns import COLUMNS
from catalog.web.devices.words import Words
from cmdb.items.queries import ItemRow

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
ROWS_AT_ONCE: Final = 500
_BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[ItemRow], words: Words) -> Iterator[str]:
    """Yield a table of items as text, several lines at once."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BYTE_ORDER_MARK)
    writer.writerow([gettext(one.label) for one in COLUMNS.values()])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe_cell(one.text(row, words)) for one in COLUMNS.values()])
        if number % ROWS_AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from taking a value that a device gave for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
