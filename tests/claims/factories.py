"""e-Klaim files for tests: letters in use, rows that fit them, and files as hospitals or Excel write them."""

import datetime
import io
import itertools

from django.db.backends.postgresql.psycopg_any import DateRange

from claims import batches, completeness, dispensations
from claims.intake import take_in
from claims.intake.columns import COLUMNS
from claims.models import FraudSignal
from facilities.enums import Service
from facilities.models import Diagnosis, Specialty, Tariff
from ksb.core.models import SchemeVersion
from referrals.enums import ReferralReason, ReferralState, SjpState
from referrals.models import Referral, Sjp
from tests import factories as f

_count = itertools.count(1)
# The claims of October are handed in on 5 November, before the 10th.
AT = datetime.datetime(2026, 11, 5, 10, 0, tzinfo=f.NOW.tzinfo)
DAY = datetime.date(2026, 10, 12)
STAY = "K-4-17-I"
VISIT = "Q-5-44-0"


def hospital(number=0, **contract):
    """A private hospital with a contract in force."""
    place = f.hospital(number, public=False)
    if not place.contracts.exists():
        f.make_contract(place, **contract)
    return place


def biller(place=None):
    return f.make_user("HOSPITAL_BILLER", facility=place or hospital())


def letter(resident=None, *, to=None, service=Service.OUTPATIENT, since=DAY, state=SjpState.SERVICE_DONE, **values):
    """An SJP that was used: valid from ``since`` for 30 days, with a covering decision frozen in it."""
    n = next(_count)
    resident = resident or f.make_resident()
    place = f.puskesmas()
    common = {
        "resident": resident,
        "puskesmas": place,
        "hospital": to or hospital(),
        "specialty": Specialty.objects.get(pk="INT"),
        "service": service,
        "diagnosis": Diagnosis.objects.get(pk="J18.9"),
        "valid_from": since,
        "issued_at": AT,
        "issued_by": f.system(),
    }
    referral = Referral.objects.create(
        **common,
        number=f"{n:06d}/RUJ/{place.code}/X/2026",
        state=values.pop("referral_state", ReferralState.DONE),
        reason=ReferralReason.STAFF,
        complaint="Demam",
        findings="Suhu 38,4",
        doctor_name="dr. Sari",
        valid_until=since + datetime.timedelta(days=89),
    )
    return Sjp.objects.create(
        **{
            **common,
            "number": f"{n:06d}/SJP/{place.code}/X/2026",
            "state": state,
            "referral": referral,
            "scheme": SchemeVersion.objects.on(since),
            "decision": {"decision": "COVERED"},
            "valid_until": since + datetime.timedelta(days=29),
            **values,
        }
    )


def tariff(place, group):
    return Tariff.objects.get(code=group, tariff_code=place.tariff_code, care_class=3).amount


def row(sjp, *, admitted=None, days=1, **cells):
    """The cells of one row that fits ``sjp`` in everything, as text by column name; ``cells`` change single ones."""
    resident, place = sjp.person, sjp.hospital
    stay = sjp.service in (Service.INPATIENT, Service.INTENSIVE)
    group = STAY if stay else VISIT
    admitted = admitted or sjp.valid_from
    discharged = admitted + datetime.timedelta(days=days - 1)
    amount = tariff(place, group)
    values = dict.fromkeys(COLUMNS, "0")
    values |= dict.fromkeys(
        [
            "PROCLIST",
            "ADL1",
            "ADL2",
            "SUBACUTE",
            "CHRONIC",
            "SP",
            "SR",
            "SI",
            "SD",
            "DESKRIPSI_SP",
            "DESKRIPSI_SR",
            "DESKRIPSI_SI",
            "DESKRIPSI_SD",
        ],
        "-",
    )
    values |= dict.fromkeys(["IN_SP", "IN_SR", "IN_SI", "IN_SD"], "None")
    values |= {
        "KODE_RS": place.code,
        "KELAS_RS": place.hospital_class,
        "KELAS_RAWAT": "3",
        "KODE_TARIF": place.tariff_code,
        "PTD": "1" if stay else "2",
        "ADMISSION_DATE": f"{admitted:%d/%m/%Y}",
        "DISCHARGE_DATE": f"{discharged:%d/%m/%Y}",
        "BIRTH_DATE": f"{resident.birth_date:%d/%m/%Y}",
        "SEX": str(resident.sex),
        "DISCHARGE_STATUS": "1",
        "DIAGLIST": "A09.9;E86" if stay else "I10",
        "INACBG": group,
        "DESKRIPSI_INACBG": "NYERI ABDOMEN & GASTROENTERITIS" if stay else "PENYAKIT KRONIS KECIL",
        "TARIF_INACBG": str(amount),
        "TOTAL_TARIF": str(amount),
        "TARIF_RS": str(amount + 50_000),
        "KONSULTASI": "50000",
        "OBAT": str(amount),
        "LOS": str(days),
        "NAMA_PASIEN": resident.name,
        "MRN": f"{next(_count):06d}",
        "UMUR_TAHUN": str((admitted - resident.birth_date).days // 365),
        "UMUR_HARI": str((admitted - resident.birth_date).days),
        "DPJP": 'dr. Budi "Sp" Hartono',
        "SEP": sjp.number,
        "NOKARTU": sjp.resident.nik if sjp.resident else "-",
        "PAYOR_ID": "5;001",
        "CODER_ID": "Rina;3275014505900001;rina",
        "VERSI_INACBG": "5.9.2.202506290731",
        "VERSI_GROUPER": "4",
        "C1": "1234",
        "C2": '0#0##{"jenis":"1","selisih_biaya":{"nilai":0}}#',
        "C3": "1",
        "C4": "0cc175b9c0f1b6a831c399e269772661",
    }
    return values | cells


def text(rows, *, columns=COLUMNS, separator="\t", end="\n", quoted=False):
    """The file as text: a header and the rows, in the order of ``columns``."""

    def cell(value):
        return '"' + value.replace('"', '""') + '"' if quoted or (separator in value and separator != "\t") else value

    lines = [separator.join(columns), *(separator.join(cell(row.get(name, "")) for name in columns) for row in rows)]
    return end.join(lines) + end


def excel(rows):
    """The file after Excel: serial dates, quotes, grouped amounts, zeros lost, empty columns and lines at the end."""

    def serial(value):
        day = datetime.datetime.strptime(value, "%d/%m/%Y").date()  # noqa: DTZ007 (a day, no moment)
        return str((day - datetime.date(1899, 12, 30)).days)

    lines = [";".join([*COLUMNS, "", ""])]
    for cells in rows:
        cells = dict(cells)
        for name in ("ADMISSION_DATE", "DISCHARGE_DATE", "BIRTH_DATE"):
            cells[name] = serial(cells[name])
        for name in ("KODE_RS", "SEP"):
            cells[name] = cells[name].lstrip("0")
        for name in ("TARIF_RS", "TOTAL_TARIF", "TARIF_INACBG"):
            cells[name] = f"{int(cells[name]):,}".replace(",", ".")
        cells["NOKARTU"] = f"{int(cells['NOKARTU']) // 10 * 10}"
        cells["VERSI_INACBG"] = "5,9E+11"
        quoted = [
            '"' + cells[name].replace('"', '""') + '"' if '"' in cells[name] or ";" in cells[name] else cells[name]
            for name in COLUMNS
        ]
        lines.append(";".join([*quoted, "", ""]))
    return "\r\n".join([*lines, ";" * 79, ""])


def take(rows_or_text, *, place=None, actor=None, at=AT, dry_run=False, encoding="utf-8", name="eklaim.txt"):
    """Hand in rows, a text, or bytes for ``place``."""
    content = rows_or_text
    if isinstance(content, list):
        content = text(content)
    if isinstance(content, str):
        content = content.encode(encoding)
    place = place or hospital()
    return take_in(
        file=io.BytesIO(content),
        file_name=name,
        hospital=place,
        actor=actor or biller(place),
        at=at,
        dry_run=dry_run,
    )


def rules(result, line=2):
    """Codes of the rules that hit on one line of the file."""
    return {found.rule for found in next(x for x in result.lines if x.line == line).findings}


def director(place=None):
    return f.make_user("HOSPITAL_DIRECTOR", facility=place or hospital())


def hand_in(batch, *, actor, at=AT):
    """The way of an open batch to the verifiers: put together, signed by the director, found complete. Returns it."""
    batch = batches.submit(batch=batch, actor=actor, at=at)
    signer, officer = director(batch.hospital), f.make_user("VERIFIER_COORDINATOR")
    for part in batch.family():
        part = batches.sign(batch=part, actor=signer, at=at)
        completeness.find_complete(batch=part, actor=officer, at=at)
    batch.refresh_from_db()
    return batch


def claimed(sjp=None, *, submitted=False, state=None, **values):
    """One claim on file, in the open batch of its month. ``submitted`` hands that in, as far as the verifiers."""
    sjp = sjp or letter()
    actor = biller(sjp.hospital)
    result = take([row(sjp, **values)], place=sjp.hospital, actor=actor)
    if submitted:
        hand_in(result.batch, actor=actor)
    return result.batch.claims.get(sjp=sjp, admitted_on=values.get("admitted", sjp.valid_from), replaces=None)


def waiting_period(months):
    """A scheme of its own for today, with another waiting period."""
    version = SchemeVersion.objects.on(DAY)
    version.parameters = {**version.parameters, "min_residence_months": months}
    version.save()
    return DateRange(version.valid.lower, version.valid.upper)


def proposed_setting(rule="REF-02", *, by=None, starts=None, **values):
    """A change of a rule that waits for its second person."""
    from claims import rule_settings
    from claims.rules.catalogue import BY_CODE

    found = BY_CODE[rule]
    wanted = {"active": False, "severity": found.severity.value, "reason": "Rapat 20 November"}
    return rule_settings.propose(
        **{**wanted, "thresholds": found.default.thresholds, **values},
        rule=rule,
        starts=starts or f.TODAY,
        actor=by or f.make_user("VERIFIER_COORDINATOR"),
        at=f.NOW,
    )


def in_force(rule, **values):
    """A change of a rule that two people have put in force."""
    from claims import rule_settings

    return rule_settings.approve(
        setting=proposed_setting(rule, **values), actor=f.make_user("DINKES_SERVICES"), at=f.NOW
    )


def fraud_signal(place, **values):
    """A pattern the night has noticed at a hospital."""
    return FraudSignal.objects.create(
        **{"rule": "FRD-01", "key": f"{place.pk}/2026-11", "hospital": place, "score": 31},
        **{"facts": {"share": 70, "peers": 30}, "first_on": DAY, "last_on": DAY, "noticed_on": f.TODAY},
        **values,
    )


def dispensation(place=None, *, proposer=None, at=f.NOW):
    """A proposed dispensation for care of the first quarter of the year."""
    return dispensations.propose(
        hospital=place or hospital(),
        first=datetime.date(2026, 1, 1),
        last=datetime.date(2026, 3, 31),
        until=datetime.date(2026, 12, 15),
        reason="Gangguan sistem",
        actor=proposer or f.make_user("DINKES_SERVICES"),
        at=at,
    )
