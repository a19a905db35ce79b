"""The e-Klaim files of every hospital for the past months, with the few rows that break a rule."""

from collections import Counter

from ksb.demo.city.anomalies import FIRST_EVERY, LATER_EVERY, RULES, Anomalies
from ksb.demo.city.demand import by_hospital_and_month
from ksb.demo.city.eklaim import COLUMNS, ClaimRows, line
from ksb.demo.city.files import TextFile
from ksb.demo.city.rota import Rota


def write_claims(visits, chance, calendar, reference, out, plot=None):
    """Writes ``eklaim-<KODE_RS>-YYYYMM.txt`` files for ``visits``, all of them discharged. Returns files and what is in them.

    Claims planted by a ``fraud.Plot`` come behind the others of their file.
    """
    rows = ClaimRows(chance, calendar, reference)
    anomalies = Anomalies(rows, calendar, reference)
    rota = Rota(list(RULES), FIRST_EVERY, LATER_EVERY)
    files, wrong, totals = [], [], {}
    groups, planted = by_hospital_and_month(visits, calendar), plot.groups() if plot else {}
    for hospital, month in sorted({*groups, *planted}):
        group = groups.get((hospital, month), ())
        path = out / f"eklaim-{hospital}-{month}.txt"
        with TextFile(path, "\t".join(COLUMNS)) as file:
            claimed = 0
            for visit in sorted(group, key=lambda v: (v.discharged, v.number)):
                written, kind = _rows(rows.row(visit), visit, rota, anomalies)
                if kind:
                    at = file.line + len(written) - 1
                    entry = {
                        "file": path.name,
                        "line": at,
                        "sjp": written[-1]["SEP"],
                        "kind": kind,
                        "rule": RULES[kind],
                    }
                    wrong.append(entry)
                claimed += sum(row["TOTAL_TARIF"] for row in written)
                file.add([line(row) for row in written])
                anomalies.remember(visit)
            for visit in planted.get((hospital, month), ()):
                written = plot.rows_of(visit)
                claimed += sum(row["TOTAL_TARIF"] for row in written)
                file.add([line(row) for row in written])
        files.append(file)
        totals[path.name] = {"hospital": hospital, "month": month, "rows": file.rows, "claimed": claimed}
    return files, {
        "rows": sum(file.rows for file in files),
        "claimed": sum(total["claimed"] for total in totals.values()),
        "by_file": totals,
        "anomalies_by_kind": dict(sorted(Counter(entry["kind"] for entry in wrong).items())),
        "anomalies": wrong,
    }


def _rows(row, visit, rota, anomalies):
    """The row, or the rows one of the waiting anomalies makes of it, and that anomaly's kind."""
    for kind in rota.tick():
        spoilt = anomalies.spoil(kind, row, visit)
        if spoilt:
            rota.done(kind)
            return spoilt, kind
    return [row], ""
