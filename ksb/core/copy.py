"""COPY into PostgreSQL from an iterator, in constant memory."""

import io

from django.db import connection
from psycopg2 import Error


class _Lines(io.TextIOBase):
    """A read-only file over an iterator of lines, as ``copy_expert`` wants it; ``nothing`` is ``""`` or ``b""``."""

    def __init__(self, lines, nothing):
        self.lines = iter(lines)
        self.nothing = self.rest = nothing
        self.error = None

    def readable(self):
        return True

    def read(self, size=-1):
        try:
            return self._next(size)
        except Exception as error:
            self.error = error
            raise

    def _next(self, size):
        parts, length = [self.rest], len(self.rest)
        for line in self.lines:
            parts.append(line)
            length += len(line)
            if 0 <= size <= length:
                break
        text = self.nothing.join(parts)
        if size < 0:
            self.rest = self.nothing
            return text
        self.rest = text[size:]
        return text[:size]


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _field(value):
    return "\\N" if value is None else str(value).translate(_ESCAPES)


def copy_rows(table, columns, rows):
    """COPY ``rows`` (iterable of tuples) into ``table``. None is NULL. Returns the number of rows.

    What ``rows`` raises while it is read comes out as it is, not as the driver's complaint about it.
    """
    return _copy(table, columns, _Lines(("\t".join(map(_field, row)) + "\n" for row in rows), ""), "text")


def copy_lines(table, columns, lines):
    """COPY ready-made ``lines`` (texts in PostgreSQL's own format, line end included) into ``table``."""
    return _copy(table, [f'"{column}"' for column in columns], _Lines(lines, ""), "text")


def copy_csv(table, columns, lines):
    """COPY ready-made CSV ``lines`` (bytes in UTF-8, line end included) into ``table``; an empty field is NULL."""
    return _copy(table, columns, _Lines(lines, b""), "csv")


def _copy(table, columns, lines, form):
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT {form})"
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(statement, lines, 1 << 18)
        except Error:
            if lines.error:
                raise lines.error from None
            raise
        return cursor.rowcount
