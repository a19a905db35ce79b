"""The versions of a claim side by side: only what changed."""

from dataclasses import dataclass
from itertools import pairwise

from claims.models import Claim

# Columns with diagnoses and procedures, and what follows from them, for clinical readers alone.
CLINICAL = frozenset(
    [
        *("DIAGLIST", "PROCLIST", "INACBG", "DESKRIPSI_INACBG", "SUBACUTE", "CHRONIC", "SP", "SR", "SI", "SD"),
        *("DESKRIPSI_SP", "DESKRIPSI_SR", "DESKRIPSI_SI", "DESKRIPSI_SD", "C2"),
    ]
)
# Read by nobody: checksums, counters and accounts of the e-Klaim machine; and the numbers of a person.
HIDDEN = frozenset(("CODER_ID", "NOKARTU", "C1", "C3", "C4", "VERSI_INACBG", "VERSI_GROUPER"))
# What a claim that came in no file is compared by: its own fields under the same names.
_FIELDS = {
    "KELAS_RAWAT": "care_class",
    "ADMISSION_DATE": "admitted_on",
    "DISCHARGE_DATE": "discharged_on",
    "DISCHARGE_STATUS": "discharge_status",
    "DIAGLIST": "diagnoses",
    "PROCLIST": "procedures",
    "INACBG": "inacbg",
    "TOTAL_TARIF": "claimed",
    "TARIF_RS": "hospital_bill",
    "NAMA_PASIEN": "patient_name",
    "MRN": "medical_record",
    "DPJP": "doctor",
    "SEP": "reference",
}
LONGEST = 12


@dataclass(frozen=True)
class Difference:
    """One column that changed: its name, what it said, what it says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Step:
    """From one version to the next."""

    old: Claim
    new: Claim
    differences: list


def versions_of(claim):
    """Every version of ``claim`` from the first to the last."""
    first, before = claim, LONGEST
    while first.replaces_id and before:
        first, before = first.replaces, before - 1
    found = [first]
    while (following := found[-1].successors.first()) and len(found) < 2 * LONGEST:
        found.append(following)
    return found


def steps(versions, *, clinical):
    """Steps from version to version; what only clinical readers may see is left out for others."""
    return [
        Step(old, new, [d for d in differences(old, new) if clinical or d.label not in CLINICAL])
        for old, new in pairwise(versions)
    ]


def differences(old, new):
    """The columns in which two versions differ, in the order of the newer one."""
    before, after = (old.data, new.data) if old.row and new.row else (_own(old), _own(new))
    names = [name for name in dict.fromkeys((*after, *before)) if name not in HIDDEN]
    return [
        Difference(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _own(claim):
    return {name: _text(getattr(claim, field)) for name, field in _FIELDS.items()}


def _text(value):
    return ";".join(value) if isinstance(value, list) else str(value)
