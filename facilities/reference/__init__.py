"""The facts a fresh installation starts with, from the files in this folder and the code lists of two packages.

Every loader may run again: what exists is updated by its code, nothing is deleted.
"""

from django.db import transaction

from facilities.reference.beds import load_bed_classes
from facilities.reference.coding import load_diagnoses, load_procedures
from facilities.reference.network import load_facilities, load_holidays, load_regions, load_specialties
from facilities.reference.schemes import load_schemes
from facilities.reference.tariffs import load_tariff_sample
from ksb.core import journal


def load_reference(*, actor=None):
    """Load all shipped facts in one transaction. Returns how many rows of each kind were written."""
    with transaction.atomic():
        counts = {
            "regions": load_regions(),
            "specialties": load_specialties(),
            "facilities": load_facilities(),
            "holidays": load_holidays(),
            "bed_classes": load_bed_classes(),
            "diagnoses": load_diagnoses(),
            "procedures": load_procedures(),
            "tariffs": load_tariff_sample(),
            "scheme_versions": load_schemes(),
        }
        journal.record("reference.loaded", actor=actor, **counts)
    return counts


__all__ = ["load_reference"]
