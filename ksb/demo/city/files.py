"""Writes line by line: memory stays flat, the checksum is known at the end."""

import hashlib
import json

BUFFERED_LINES = 4_000


class TextFile:
    """A text file of ``\\n`` lines with a running count and SHA-256. Use as a context manager.

    ``header`` is written first and does not count as a row; ``line`` is the physical number of the next line, from 1.
    """

    def __init__(self, path, header):
        self.path = path
        self.rows = 0
        self.line = 2
        self._buffer = [header + "\n"]
        self._digest = hashlib.sha256()
        self._file = path.open("wb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._flush()
        self._file.close()

    def add(self, lines):
        """Appends lines that end with a line end."""
        self._buffer += lines
        self.rows += len(lines)
        self.line += len(lines)
        if len(self._buffer) >= BUFFERED_LINES:
            self._flush()

    def _flush(self):
        data = "".join(self._buffer).encode()
        self._buffer.clear()
        self._digest.update(data)
        self._file.write(data)

    @property
    def sha256(self):
        return self._digest.hexdigest()


def write_manifest(file):
    """The side file by which the receiver sees that the snapshot came whole. Only after ``file`` was closed."""
    manifest = file.path.with_name(file.path.name + ".json")
    write_json(manifest, {"rows": file.rows, "sha256": file.sha256})
    return manifest


def write_json(path, data):
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
