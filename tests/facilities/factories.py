"""Reports of beds and tables of prices for tests: each function takes what the test is about and makes up the rest."""

import tempfile

from facilities import beds, prices
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


def price_table(
    lines=("B01,Cefotaxime,vial,15000,20",), *, header="", kind="FORMULARY", proposer=None, valid_from=f.TODAY
):
    """A proposed table of prices with these lines, by an officer of Dinkes."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("\n".join([header or "code,name,unit,max_price,max_quantity", *lines]))
        file.flush()
        return prices.propose(
            path=file.name,
            file_name="harga.csv",
            kind=kind,
            source="Uji",
            valid_from=valid_from,
            actor=proposer or f.make_user("DINKES_SERVICES"),
            at=f.NOW,
        )
