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
            tariffs |= _prices(row, valid_from, source)
        except (KeyError, ValueError) as error:
            raise Refused(
                _("Line %(line)d of the tariff table: %(error)s.") % {"line": line, "error": error}
            ) from error
    return save(Tariff, tariffs.values(), key=KEY)


def _prices(row, valid_from, source):
    tariff_code = row["hospital_class"].strip().upper()[:2] + OWNERSHIP[row["ownership"].strip().upper()]
    valid = DateRange(valid_from, None)
    found = {}
    for care_class in CLASSES:
        amount = int(row[f"class_{care_class}"].replace(".", "").replace(",", "") or 0)
        if amount > 0:
            tariff = Tariff(
                code=row["code"],
                description=row["description"][:200],
                tariff_code=tariff_code,
                regional=int(row["regional"]),
                care_type=int(row["care_type"]),
                care_class=care_class,
                amount=amount,
                valid=valid,
                source=source,
            )
            found[row["code"], tariff_code, row["regional"], row["care_type"], care_class] = tariff
    return found
