"""COPY into PostgreSQL from an iterator, in constant memory."""

import io

from django.db import connection


class _Lines(io.TextIOBase):
    """A read-only text file over an iterator of lines, as ``copy_expert`` wants it."""

    def __init__(self, lines):
        self.lines = iter(lines)
        self.rest = ""

    def readable(self):
        return True

    def read(self, size=-1):
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
    """COPY ``rows`` (iterable of tuples) into ``table``. None is NULL. Returns the number of rows."""
    lines = ("\t".join(map(_field, row)) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Lines(lines), size=1 << 18)
        return cursor.rowcount
