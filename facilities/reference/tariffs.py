"""INA-CBG tariffs. The official table has one row a group, region, hospital class and ownership, with three class prices."""

import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from facilities.models import Tariff
from facilities.reference.files import rows, save
from ksb.core.errors import Refused

CLASSES = (1, 2, 3)
COLUMNS = (
    "code",
    "description",
    "regional",
    "hospital_class",
    "ownership",
    "care_type",
    "class_1",
    "class_2",
    "class_3",
)
ALIASES = {
    "kode_ina_cbg": "code",
    "kode": "code",
    "deskripsi": "description",
    "kelas_rs": "hospital_class",
    "tipe_rs": "ownership",
    "jenis_rawat": "care_type",
    "tarif_kelas_1": "class_1",
    "tarif_kelas_2": "class_2",
    "tarif_kelas_3": "class_3",
}
OWNERSHIP = {"PUBLIC": "P", "PEMERINTAH": "P", "PRIVATE": "S", "SWASTA": "S"}
KEY = ("code", "tariff_code", "regional", "care_type", "care_class", "valid")


def whole(text, *, least=1, most=10**12):
    """The whole number a cell says, points and commas between its digits left out. Raises ValueError with a sentence."""
    digits = text.replace(".", "").replace(",", "").strip()
    if not (digits.isascii() and digits.isdigit() and least <= int(digits[:16]) <= most):
        raise ValueError(
            _("“%(text)s” is no whole number between %(least)s and %(most)s")
            % {"text": text[:20], "least": least, "most": most}
        )
    return int(digits)


def load_tariff_sample():
    table = enumerate(rows("tariff_sample.csv"), start=2)
    return import_tariffs(table, valid_from=datetime.date(2024, 1, 1), source="illustrative sample of the project")


def import_tariffs(table, *, valid_from, source):
    """Write the prices of ``table`` (pairs of line number and row), in force from ``valid_from``. Returns prices written.

    Raises Refused naming the first line that is not right; then nothing is written.
    """
    tariffs = {}
    for line, row in table:
        try:
            tariffs |= prices(row, DateRange(valid_from, None), source)
        except (KeyError, ValueError) as error:
            raise Refused(
                _("Line %(line)d of the tariff table: %(error)s.") % {"line": line, "error": error}
            ) from error
    return save(Tariff, tariffs.values(), key=KEY)


def prices(row, valid, source):
    """The Tariffs of one row of the table, by their key; classes without a price are left out. Raises KeyError, ValueError."""
    tariff_code = row["hospital_class"].strip().upper()[:2] + OWNERSHIP[row["ownership"].strip().upper()]
    found = {}
    region, care_type = whole(row["regional"], most=5), whole(row["care_type"], most=2)
    for care_class in CLASSES:
        amount = whole(row[f"class_{care_class}"] or "0", least=0)
        if amount > 0:
            tariff = Tariff(
                code=row["code"][:12],
                description=row["description"][:200],
                tariff_code=tariff_code,
                regional=region,
                care_type=care_type,
                care_class=care_class,
                amount=amount,
                valid=valid,
                source=source,
            )
            found[row["code"], tariff_code, row["regional"], row["care_type"], care_class] = tariff
    return found
