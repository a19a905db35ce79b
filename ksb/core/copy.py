"""COPY into PostgreSQL from an iterator, in constant memory."""

import io

from django.db import DatabaseError, connection


class _Lines(io.TextIOBase):
    """A read-only text file over an iterator of lines, as ``copy_expert`` wants it."""

    def __init__(self, lines):
        self.lines = iter(lines)
        self.rest = ""
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
        text = "".join(parts)
        if size < 0:
            self.rest = ""
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
    lines = _Lines("\t".join(map(_field, row)) + "\n" for row in rows)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines, size=1 << 18)
        except DatabaseError:
            if lines.error:
                raise lines.error from None
            raise
        return cursor.rowcount
