"""Log lines without personal data."""

import logging

from ksb.core.formats import without_identities


class MaskingFormatter(logging.Formatter):
    """Formats a record with every run of sixteen digits (a NIK or KK number) masked, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return without_identities(super().format(record))
