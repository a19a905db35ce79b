"""Lists of care that others guarantee or have paid (rules ELG-03, DUP-08): SEP of BPJS, subsidies, KLB funds."""

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from claims.models import Claim, PaidElsewhere
from claims.rejudging import rejudge_soon
from ksb.core import journal
from ksb.core.tables import read_table
from ksb.core.workflow import system_user
from participants.models import Resident

REQUIRED = ("number", "nik", "from", "until")
# As BPJS and hospitals head their columns.
ALIASES = {"no_sep": "number", "nosep": "number", "tgl_sep": "from", "tgl_masuk": "from", "tgl_pulang": "until"}
ALIASES |= {"ppk": "hospital", "kode_rs": "hospital", "biaya": "amount"}


def load(*, path, source, actor, at):
    """Take the list at ``path`` (CSV or XLSX) in; a number known already is brought up to date.

    Returns how many rows were taken and ``[(line, sentence), ...]`` of those refused. No NIK stands in a sentence.
    """
    rows, refused = [], []
    for line, cells in read_table(path, required=REQUIRED, aliases=ALIASES):
        try:
            rows.append((line, _read(cells)))
        except ValueError as error:
            refused.append((line, str(error)))
    people = dict(Resident.objects.filter(nik__in={row["nik"] for _line, row in rows}).values_list("nik", "pk"))
    taken = []
    for line, row in rows:
        if person := people.get(row.pop("nik")):
            taken.append(
                PaidElsewhere(source=source, resident_id=person, loaded_at=at, loaded_by=actor or system_user(), **row)
            )
        else:
            refused.append((line, _("nobody of the registry has this NIK")))
    last = {one.number: one for one in taken}  # the later line of the same number counts
    with transaction.atomic():
        PaidElsewhere.objects.bulk_create(
            last.values(),
            update_conflicts=True,
            unique_fields=["source", "number"],
            update_fields=["resident", "facility_code", "starts", "ends", "amount", "loaded_at", "loaded_by"],
            batch_size=2000,
        )
        journal.record("paid_elsewhere.load", actor=actor, source=source, taken=len(last), refused=len(refused))
        rejudge_soon(Claim.objects.filter(resident__in={one.resident_id for one in last.values()}))
    return len(last), sorted(refused)


def _read(cells):
    number, nik = cells["number"].strip(), cells["nik"].strip()
    if not number:
        raise ValueError(_("the number is missing"))
    if len(nik) != 16 or not nik.isdigit():
        raise ValueError(_("a NIK has 16 digits"))
    starts, ends = _day(cells["from"]), _day(cells["until"])
    if ends < starts:
        raise ValueError(_("it ends before it begins"))
    amount = cells.get("amount", "").strip()
    if amount and not amount.isdigit():
        raise ValueError(_("write the amount in whole rupiah, digits only"))
    return {
        "number": number[:40],
        "nik": nik,
        "starts": starts,
        "ends": ends,
        "facility_code": cells.get("hospital", "").strip()[:11],
        "amount": int(amount) if amount else None,
    }


def _day(text):
    """A day as 2026-11-05 or 05/11/2026."""
    parts = text.strip()[:10].replace("-", "/").split("/")
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    try:
        day = parse_date("-".join(parts))
    except ValueError:
        day = None
    if day is None:
        raise ValueError(_("write days as 2026-11-05 or 05/11/2026"))
    return day
