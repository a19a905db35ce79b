"""Reports of beds for tests: each function takes what the test is about and makes up the rest."""

from facilities import beds
from facilities.beds import Figures
from facilities.enums import BedSource, WardType
from tests import factories as f


def report(
    *,
    hospital=None,
    ward=WardType.CLASS_3,
    capacity=10,
    occupied=4,
    at=f.NOW,
    source=BedSource.MANUAL,
    actor=None,
    **more,
):
    """One report of one ward; returns the wards written."""
    figures = {ward: Figures(capacity=capacity, occupied=occupied, **more)}
    return beds.report(facility=hospital or f.hospital(), figures=figures, source=source, actor=actor, at=at)
