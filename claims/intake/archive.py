"""The file as received, kept under its checksum: the proof of what the hospital said. Never served as it is."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def path_of(*, sha256, hospital):
    """Where the file with this checksum is kept, below MEDIA_ROOT."""
    return f"claims/{hospital.code}/{sha256}.txt"


def keep(path, content):
    """Store the bytes ``content`` once."""
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))


def read(path):
    """The bytes kept at ``path``."""
    with default_storage.open(path, "rb") as file:
        return file.read()
