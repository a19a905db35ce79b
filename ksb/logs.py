"""Log lines without personal data."""

import logging
import re

IDENTITY_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")


class MaskingFormatter(logging.Formatter):
    """Formats a record with every run of sixteen digits (a NIK or KK number) masked, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return IDENTITY_NUMBER.sub("[16 digits]", super().format(record))
