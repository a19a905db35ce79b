"""P4: a month's e-Klaim file of 10,000 rows, every row with its SJP, through the whole catalogue of rules."""

import datetime
import io

from django.db import connection, transaction

from benchmarks.frame import Row
from claims.intake import take_in
from claims.intake.columns import COLUMNS
from claims.models import Claim, ClaimBatch, ClaimLine, Finding
from facilities.enums import Service
from facilities.models import Contract, Facility, Tariff

ROWS = 10_000
GROUP, TITLE = "Q-5-44-0", "PENYAKIT KRONIS KECIL LAIN-LAIN"
# What e-Klaim 5.9 keeps in this column, about as long as in real files.
C2 = (
    "0#0#-#-#0#0#2026-01-01 08:15:00#2026-01-01 10:40:00#-#0#"
    '{"jenis_rawat":"2","cara_masuk":"gp","sistole":120,"diastole":80,"upgrade_class_ind":0,"upgrade_class_los":0,'
    '"add_payment_pct":0,"covid19_co_insidense_ind":0,"billing_group":{"prosedur_non_bedah":0,"obat":0},'
    '"selisih_biaya":{"nilai":0,"pembayar":"-","naik_kelas":"-"},"ventilator":{"use_ind":0,"start":"-","stop":"-"}}#'
)

# One person in twenty may have JKN: a claim with a question, as they come.
_LETTERS = """
    WITH person AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM participants_resident r
         WHERE status = 0 AND birth_date <= %(day)s
           AND (id %% 20 = 0 OR NOT EXISTS (SELECT FROM participants_othercoverage o WHERE o.resident_id = r.id))
         ORDER BY id LIMIT %(rows)s),
    referral AS (
        INSERT INTO referrals_referral (public_id, number, token, state, resident_id, puskesmas_id, hospital_id, specialty_id,
               service, diagnosis_id, reason, pass_over_reason, complaint, findings, therapy, doctor_name, valid_from,
               valid_until, prints, issued_at, issued_by_id, refusal, letter)
        SELECT gen_random_uuid(), lpad(n::text, 6, '0') || '/RUJ/32750200001/I/2020', md5('r' || n)::varchar(24), 'DONE', id,
               %(puskesmas)s, %(hospital)s, 'INT', 'OUTPATIENT', 'I10', 'STAFF', '', '-', '-', '', '-', %(day)s,
               %(day)s + 89, 0, %(at)s, %(actor)s, '', '{}' FROM person RETURNING id, number, resident_id)
    INSERT INTO referrals_sjp (public_id, number, token, state, service, referral_id, resident_id, puskesmas_id, hospital_id,
           specialty_id, diagnosis_id, scheme_id, decision, estimate, valid_from, valid_until, prints, issued_at, issued_by_id,
           reason, letter)
    SELECT gen_random_uuid(), replace(number, '/RUJ/', '/SJP/'), md5(number)::varchar(24), 'SERVICE_DONE', 'OUTPATIENT', id,
           resident_id, %(puskesmas)s, %(hospital)s, 'INT', 'I10',
           (SELECT id FROM core_schemeversion WHERE valid @> %(day)s), '{"decision": "COVERED"}', 0, %(day)s, %(day)s + 29, 0,
           %(at)s, %(actor)s, '', '{}' FROM referral"""


def run(context):
    """Intake of the file against COPY of the same bytes into a bare table of 78 columns."""
    context.load_city()
    hospital = _hospital(context)
    day = context.at.date().replace(day=1)
    _issue_letters(context, hospital, day)
    content = _file(hospital, day)
    rows = content.count(b"\n") - 1

    def intake():
        result = take_in(file=io.BytesIO(content), file_name="p4.txt", hospital=hospital, actor=None, at=context.at)
        if (result.rows, result.refused) != (rows, 0):
            raise RuntimeError(f"{result.refused} of {result.rows} rows were refused: {result.by_rule()}")

    ratio = context.ratio(intake, lambda: _bare_copy(content), prepare=_forget)
    # One session does all the work: its processor time is all of it, and other programs on the machine do not count.
    speed = rows / ratio.candidate.cpu
    _forget()
    return [
        Row("P4", f"claim intake, {rows:,} rows, all rules", "raw COPY of the file", ratio, at_most=15),
        Row("P4", "claim intake, claims a second of processor time", "-", speed, at_least=4000),
    ]


def _hospital(context):
    hospital = Facility.objects.hospitals().filter(tariff_code="CS").order_by("code").first()
    period = {"valid": (datetime.date(2020, 1, 1), None), "created_by": context.actor}
    contract, _new = Contract.objects.get_or_create(number="P4", defaults={"facility": hospital, **period})
    contract.terms.get_or_create(addendum="", defaults={"services": list(Service), **period})
    return hospital


def _issue_letters(context, hospital, day):
    """Letters as the Puskesmas would have issued them, used and finished: set-based, because they are not what is measured."""
    values = {
        "rows": ROWS,
        "puskesmas": Facility.objects.puskesmas().order_by("code").first().pk,
        "hospital": hospital.pk,
        "day": day,
        "at": context.at,
        "actor": context.actor.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, values)
        cursor.execute("ANALYZE referrals_referral, referrals_sjp")


def _file(hospital, day):
    """The hospital's file: one visit for each letter."""
    amount = Tariff.objects.get(code=GROUP, tariff_code=hospital.tariff_code, care_class=3).amount
    common = dict.fromkeys(COLUMNS, "0") | {
        "KODE_RS": hospital.code,
        "KELAS_RS": hospital.hospital_class,
        "KELAS_RAWAT": "3",
        "KODE_TARIF": hospital.tariff_code,
        "PTD": "2",
        "ADMISSION_DATE": f"{day:%d/%m/%Y}",
        "DISCHARGE_DATE": f"{day:%d/%m/%Y}",
        "DISCHARGE_STATUS": "1",
        "DIAGLIST": "I10;E78.5",
        "PROCLIST": "89.52",
        "INACBG": GROUP,
        "DESKRIPSI_INACBG": TITLE,
        "TARIF_INACBG": str(amount),
        "TOTAL_TARIF": str(amount),
        "TARIF_RS": str(amount + 75_000),
        "OBAT": str(amount),
        "LABORATORIUM": "75000",
        "LOS": "1",
        "DPJP": "dr. Budi Hartono, Sp.PD",
        "PAYOR_ID": "5;001",
        "CODER_ID": "Rina;3275014505900001;rina",
        "VERSI_INACBG": "5.9.2.202506290731",
        "C2": C2,
        "C4": "0cc175b9c0f1b6a831c399e269772661",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.number, r.nik, r.name, r.birth_date, r.sex FROM referrals_sjp s
                 JOIN participants_resident r ON r.id = s.resident_id WHERE s.hospital_id = %s ORDER BY s.id""",
            [hospital.pk],
        )
        letters = cursor.fetchall()
    lines = ["\t".join(COLUMNS)]
    for number, nik, name, birth, sex in letters:
        age = (day - birth).days
        cells = common | {
            "SEP": number,
            "NOKARTU": nik,
            "NAMA_PASIEN": name,
            "BIRTH_DATE": f"{birth:%d/%m/%Y}",
            "SEX": str(sex),
            "UMUR_HARI": str(age),
            "UMUR_TAHUN": str(age // 365),
            "MRN": nik[-6:],
        }
        lines.append("\t".join(cells.values()))
    return ("\n".join(lines) + "\n").encode()


def _bare_copy(content):
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS p4_bare; CREATE TABLE p4_bare ({columns})")
        cursor.copy_expert("COPY p4_bare FROM STDIN WITH (FORMAT text, HEADER true)", io.BytesIO(content))


def _forget():
    """Before each pair: the batch of the last one."""
    Finding.objects.all().delete()
    ClaimLine.objects.all().delete()
    Claim.objects.all().delete()
    ClaimBatch.objects.all().delete()
