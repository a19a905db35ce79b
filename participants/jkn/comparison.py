"""This month's list beside last month's: only the rows that differ are loaded, where that gives the same result.

It does when last month's list came in one file, that file and the intervals made from it are as they were, and both are laid out
alike. Rows that were refused, about nobody we know, or given to somebody by a reviewer are read again each time: their numbers
are kept beside the file. The tail of a PBI row, its month, is left out of the comparison where it is written as in the first row.
"""

import zlib
from operator import methodcaller

from django.db import connection

from participants import archive, merge
from participants.enums import CoverageSource
from participants.jkn import lines, staging
from participants.tabular import Malformed

BUFFER = 1 << 20
COMPARED_SHARE, COMPARED_ROWS = 0.1, 20_000
FIELDS_BEFORE_THE_MONTH = 4
SKIPPED = ".skipped"

# A check against accidents: whoever changes an interval by hand changes one of these.
_PROOF = """
SELECT count(*), count(*) FILTER (WHERE open), count(*) FILTER (WHERE listed), bit_xor(id), bit_xor(resident_id),
       sum(segment), sum(status),
       sum(valid_from - DATE '2000-01-01'), sum(valid_to - DATE '2000-01-01'),
       {segments}
  FROM participants_othercoverage WHERE source = %s AND known_to IS NULL AND review_id IS NULL
""".format(
    segments=", ".join(
        f"count(*) FILTER (WHERE open AND listed AND segment = {segment})" for segment in lines.PBI_SEGMENTS
    )
)


def load(file, last):
    """Load the rows of ``file`` (``sync.List``) that differ from the file of the run ``last``. False when all must be loaded."""
    tied = last.counters.get("proof")
    kept = archive.kept(last.archive)
    skipped = _read_skipped(kept, tied)
    if skipped is None or tied["intervals"] != _intervals(file.source) or not archive.is_intact(kept, tied["crc32"]):
        return False
    with kept.open("rb", buffering=BUFFER) as old, file.file.open("rb", buffering=BUFFER) as new:
        header, old_first = old.readline(archive.CHUNK), old.readline(archive.CHUNK)
        if header != new.readline(archive.CHUNK):
            return False
        old.seek(len(header))
        before = lines.reader(file.source, file.layout, _period_before(file, last))
        now = lines.reader(file.source, file.layout, file.period)
        tails = _tail(old_first, before), _tail(file.first_row, now)
        if None in tails:
            return False
        try:
            found = merge.difference(
                _without_tail(merge.without(old, skipped), tails[0]),
                _without_tail(new, tails[1]),
                limit=max(COMPARED_ROWS, int(file.facts.lines * COMPARED_SHARE)),
            )
        except merge.TooDifferent:
            return False
    staging.load(0, file.rows_at(number for number, _row in found.added), now)
    staging.load_removed(before(_whole(row, tails[0])) for row in found.removed)
    return True


def listed(last):
    """How many open intervals the list of the run ``last`` had made, by PBI segment."""
    return dict(zip(lines.PBI_SEGMENTS, last.counters["proof"]["intervals"][-len(lines.PBI_SEGMENTS) :], strict=True))


def tie(file):
    """What the run remembers of its file and of the intervals, after they were written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT line_number FROM refused UNION ALL SELECT line_number FROM unknown
               UNION ALL SELECT line_number FROM claimed WHERE review_id IS NOT NULL ORDER BY line_number"""
        )
        text = "\n".join(str(number) for (number,) in cursor).encode()
    archive.kept(file.facts.sha256 + SKIPPED).write_bytes(text)
    return {"intervals": _intervals(file.source), "crc32": file.facts.crc32, "skipped": zlib.crc32(text)}


def _intervals(source):
    with connection.cursor() as cursor:
        cursor.execute(_PROOF, [str(source)])
        return [None if value is None else int(value) for value in cursor.fetchone()]


def _read_skipped(kept, tied):
    """Line numbers of the last file that were refused or about nobody; None where that cannot be told any more."""
    path = kept.with_name(kept.name + SKIPPED)
    if tied is None or not path.is_file():
        return None
    text = path.read_bytes()
    return [int(number) for number in text.split()] if zlib.crc32(text) == tied["skipped"] else None


def _period_before(file, last):
    if file.source == CoverageSource.PBI_LIST:
        return lines.month_of(last.snapshot_date.year, last.snapshot_date.month)
    return last.snapshot_date, last.snapshot_date


def _tail(row, read):
    """How the month is written at the end of a PBI row, line end included; nothing for a BPJS list. None: it cannot be told."""
    if not isinstance(read, lines.Pbi):
        return b""
    try:
        read(row.rstrip(b"\r\n"))
    except Malformed:
        return None
    return b";" + b";".join(row.rsplit(b";", 2)[1:]) if read.plain else None


def _without_tail(rows, tail):
    return map(methodcaller("removesuffix", tail), rows) if tail else rows


def _whole(row, tail):
    """The row with its month again, where it was left out."""
    row = row.rstrip(b"\r\n")
    if tail and row.count(b";") == FIELDS_BEFORE_THE_MONTH - 1:
        return row + tail.rstrip(b"\r\n")
    return row
