"""The file as received, kept under its checksum: the proof of what the hospital said. Never served as it is."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def keep(content, *, sha256, hospital):
    """Store ``content`` once. Returns its path below MEDIA_ROOT."""
    path = f"claims/{hospital.code}/{sha256}.txt"
    if default_storage.exists(path):
        return path
    return default_storage.save(path, ContentFile(content))


def read(batch):
    """The bytes received for ``batch``."""
    with default_storage.open(batch.archive, "rb") as file:
        return file.read()
