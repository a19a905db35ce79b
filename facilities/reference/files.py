import csv
from pathlib import Path

FOLDER = Path(__file__).parent


def rows(name):
    """Rows of a CSV file of this folder as dicts of text."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def save(model, objects, *, key, fields=None):
    """Write objects by their ``key`` fields: new ones are added, known ones brought up to date. Returns the number.

    ``fields``: only these are brought up to date.
    """
    objects = list(objects)
    fields = fields or [f.name for f in model._meta.concrete_fields if f.name not in key and not f.primary_key]
    model._base_manager.bulk_create(
        objects, update_conflicts=True, unique_fields=list(key), update_fields=fields, batch_size=2000
    )
    return len(objects)
