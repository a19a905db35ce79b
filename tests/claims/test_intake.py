"""Files as hospitals hand them in: every variant that is a claim file is read, everything else is refused with a sentence."""

import io
import re

import pytest
from django.core.files.storage import default_storage

from claims.enums import ClaimState
from claims.intake import FileRefused, archive, cells
from claims.intake.columns import COLUMNS
from claims.intake.lines import LineReader
from claims.intake.reading import read
from claims.models import Claim, ClaimBatch, Finding, IntakeRow
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry, NumberSeries
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db


def refusal(content, **kwargs):
    with pytest.raises(Refused) as no:
        c.take(content, **kwargs)
    assert not ClaimBatch.objects.exists()
    return str(no.value.message)


def test_a_file_becomes_a_numbered_batch_with_claims_lines_totals_archive_and_journal():
    visit, stay = c.letter(), c.letter(service="INPATIENT")
    rows = [c.row(visit), c.row(stay, days=3), c.row(c.letter(), SEX="9")]
    actor = c.biller()
    batch = c.take(rows, actor=actor, name="../../oktober.txt").batch
    assert batch.number == f"0001/KLAIM/{batch.hospital.code}/XI/2026"
    assert (batch.rows, batch.accepted, batch.refused) == (3, 2, 1)
    assert (batch.file_name, batch.created_by, str(batch.service_month)) == ("oktober.txt", actor, "2026-10-01")
    first, second = batch.claims.order_by("line_number")
    assert batch.claimed == first.claimed + second.claimed
    assert (first.sjp, first.resident, first.tariff, first.state) == (visit, visit.resident, first.claimed, "READY")
    assert (second.diagnoses, second.care_type, second.cost_sum) == (["A09.9", "E86"], 1, second.hospital_bill)
    assert [(line.kind, line.asked) for line in second.lines.all()] == [("INACBG", second.claimed)]
    assert archive.read(batch.files.get().archive) == c.text(rows).encode()
    assert IntakeRow.objects.get(batch=batch).line_number == 4
    told = {"file": batch.files.get().pk, "rows": 3, "accepted": 2, "refused": 1}
    assert JournalEntry.objects.about(batch).get(verb="batch.take_in").data == told


def test_the_parts_of_the_tariff_become_lines():
    sjp = c.letter(service="INPATIENT")
    total = str(c.tariff(sjp.hospital, c.STAY) + 900_000)
    cells_ = {"TARIF_SR": "900000", "SR": "RR04", "DESKRIPSI_SR": "HIP IMPLANT", "TOTAL_TARIF": total}
    claim = c.take([c.row(sjp, **cells_)]).batch.claims.get()
    assert [(line.kind, line.code) for line in claim.lines.all()] == [("INACBG", c.STAY), ("SR", "RR04")]
    assert sum(line.asked for line in claim.lines.all()) == claim.claimed


def test_every_column_stays_readable_by_its_name_but_the_nik_of_the_coder_is_kept_nowhere():
    result = c.take([c.row(c.letter(), VENT_HOUR="12"), c.row(c.letter(), SEX="9"), c.row(c.letter(), TARIF_RS="x")])
    data = result.batch.claims.get().data
    assert list(data) == list(COLUMNS)
    assert (data["VENT_HOUR"], data["CODER_ID"]) == ("12", "Rina;;rina")
    assert not Claim.objects.filter(row__contains="3275014505900001").exists()
    assert not IntakeRow.objects.filter(raw__contains="3275014505900001").exists()


# Variants


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_line_ends_and_encodings(end, encoding):
    rows = [c.row(c.letter(), NAMA_PASIEN="RENÉ WARGA"), c.row(c.letter())]
    batch = c.take(c.text(rows, end=end), encoding=encoding).batch
    assert batch.claims.get(line_number=2).patient_name == "RENÉ WARGA"
    assert batch.rows == 2


def test_one_line_in_another_encoding_spoils_no_other():
    rows = [c.row(c.letter(), NAMA_PASIEN="RENÉ"), c.row(c.letter(), NAMA_PASIEN="ZOË")]
    lines = c.text(rows).splitlines()
    content = b"\n".join([lines[0].encode(), lines[1].encode("latin-1"), lines[2].encode("utf-8")])
    names = c.take(content).batch.claims.order_by("line_number").values_list("patient_name", flat=True)
    assert list(names) == ["RENÉ", "ZOË"]


@pytest.mark.parametrize("columns", [COLUMNS[::-1], COLUMNS[:-2], COLUMNS[:-18], sorted(COLUMNS[:-2])])
def test_columns_come_in_any_order_and_older_versions_lack_the_last_ones(columns):
    result = c.take(c.text([c.row(c.letter())], columns=columns))
    assert result.lines[0].findings == ()
    assert result.batch.claims.get().data["INACBG"] == c.VISIT


@pytest.mark.parametrize(
    "kwargs",
    [{"separator": ";"}, {"separator": ","}, {"separator": "|"}, {"quoted": True}, {"separator": ",", "quoted": True}],
)
def test_other_separators_and_quoted_cells(kwargs):
    result = c.take(c.text([c.row(c.letter(), DIAGLIST="I10;E78.5")], **kwargs))
    assert result.lines[0].findings == ()
    assert result.batch.claims.get().diagnoses == ["I10", "E78.5"]
    assert result.batch.claims.get().data["DPJP"] == 'dr. Budi "Sp" Hartono'


def test_a_file_saved_again_by_excel_gives_the_same_claims():
    sjps = [c.letter(), c.letter(service="INPATIENT")]
    rows = [c.row(sjp, days=1 + n) for n, sjp in enumerate(sjps)]
    kept = (
        "reference",
        "admitted_on",
        "discharged_on",
        "birth_date",
        "claimed",
        "hospital_bill",
        "tariff",
        "sjp",
        "state",
    )
    plain = c.take(rows, dry_run=True)
    batch = c.take(c.excel(rows)).batch
    assert (batch.rows, batch.accepted) == (2, 2)
    assert plain.claimed == batch.claimed
    one = batch.claims.values(*kept).get(line_number=2)
    assert one["admitted_on"] == c.DAY
    assert one["reference"] == sjps[0].number
    found = set(Finding.objects.values_list("rule", flat=True))
    assert found == {"ADM-10"}


def test_a_lone_quote_belongs_to_the_name_and_swallows_no_line():
    rows = [c.row(c.letter(), DPJP='"dr. Sari'), c.row(c.letter(), NAMA_PASIEN='"WARGA')]
    assert c.take(rows).rows == 2


def test_a_tab_inside_a_cell_of_another_separator_moves_no_column():
    rows = [c.row(c.letter(), DPJP="dr.\tBudi"), c.row(c.letter(), DPJP="dr.\tBudi", SEX="x")]
    batch = c.take(c.text(rows, separator=";")).batch
    assert batch.claims.get().data["DPJP"] == "dr. Budi"
    assert len(batch.intake_rows.get().raw.split("\t")) == len(COLUMNS)


def test_rows_survive_what_our_own_file_of_refused_rows_adds():
    columns = (*COLUMNS, "ALASAN_PENOLAKAN", "KETERANGAN")
    sjp = c.letter()
    rows = [c.row(sjp, SEP=f"'{sjp.number}", ALASAN_PENOLAKAN="ADM-02")]
    result = c.take(c.text(rows, columns=columns))
    assert result.lines[0].findings == ()


def test_numbers_match_with_spaces_small_letters_and_lost_zeros():
    sjp = c.letter()
    for text in (f"  {sjp.number} ", sjp.number.lower().replace("/", " / "), sjp.number.lstrip("0")):
        assert cells.reference(text) == sjp.number
    assert c.take([c.row(sjp, SEP=sjp.number.lower().lstrip("0"))]).batch.claims.get().sjp == sjp


# The quick way and the way cell by cell


def test_lines_as_exported_and_lines_taken_apart_give_the_same_text():
    content = c.text([c.row(c.letter()), c.row(c.letter(service="INPATIENT"), PROCLIST="99.15;45.13", C1="-")])
    quick = LineReader(read(content.encode()), payors={"5;1": "5;001"})
    slow = LineReader(read(content.encode()), payors={"5;1": "5;001"})
    taken_apart = ["\t".join(slow._cell_by_cell(number, raw)) for number, raw in slow.file.lines]
    assert [quick._as_exported(raw) for _number, raw in quick.file.lines] == taken_apart
    assert not slow.refusals


@pytest.mark.parametrize(
    ("column", "value"),
    [("BIRTH_DATE", "31/02/1990"), ("NAMA_PASIEN", "NULL"), ("MRN", " 12"), ("C2", "a\\b"), ("TARIF_SD", "007")],
)
def test_a_cell_e_klaim_would_not_write_is_taken_apart(column, value):
    file = read(c.text([c.row(c.letter(), **{column: value})]).encode())
    assert LineReader(file, payors={"5;1": "5;001"})._as_exported(file.lines[0][1]) is None


# Files that are none


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\t\t\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (b"KODE_RS\x00\tKELAS_RS", "not a text file"),
        (b"\x01\x02\x03", "not a text file"),
        (b"\xff\xfea", "not a text file"),
        ("\t".join(COLUMNS).encode(), "no claim below"),
        (b"NIK,NAMA\n1,2\n", "does not name the columns"),
        (c.text([{}], columns=COLUMNS[1:]).encode(), "KODE_RS"),
        (c.text([{}], columns=[*COLUMNS[:70], *COLUMNS[71:]]).encode(), "KAMAR_AKOMODASI"),
        (c.text([{}], columns=[*COLUMNS, "SEP"]).encode(), "SEP"),
    ],
)
def test_what_is_no_claim_file_is_refused_with_a_sentence(content, says, settings):
    settings.LANGUAGE_CODE = "en"
    from django.utils.translation import override

    with override("en"):
        assert says in refusal(content)


def test_a_file_of_another_hospital_is_refused_as_a_whole():
    rows = [c.row(c.letter(), KODE_RS="3275999"), c.row(c.letter(), KODE_RS="3275999")]
    with pytest.raises(FileRefused) as no:
        c.take(rows)
    assert "3275999" in no.value.message
    assert [line.status for line in no.value.result.lines] == ["REFUSED", "REFUSED"]
    assert not ClaimBatch.objects.exists()


def test_a_file_without_any_row_to_take_leaves_nothing_but_its_findings():
    result = c.take([c.row(c.letter(), PAYOR_ID="3;JKN"), c.row(c.letter(), SEX="7")])
    assert (result.batch, result.rows, result.accepted, result.refused) == (None, 2, 0, 2)
    assert [c.rules(result, line) for line in (2, 3)] == [{"PAY-01"}, {"ADM-01"}]
    assert not ClaimBatch.objects.exists()
    assert not NumberSeries.objects.exists()


def test_a_truncated_last_line_is_refused_alone():
    content = c.text([c.row(c.letter()), c.row(c.letter())])
    result = c.take(content[:-300])
    assert (result.accepted, result.refused) == (1, 1)
    assert c.rules(result, 3) == {"ADM-01"}


def test_the_same_file_twice_names_the_batch():
    rows = [c.row(c.letter())]
    number = c.take(rows).batch.number
    with pytest.raises(Refused) as no:
        c.take(rows)
    assert number in no.value.message
    assert ClaimBatch.objects.count() == 1


def test_the_same_bytes_may_come_from_another_hospital():
    rows = [c.row(c.letter())]
    c.take(rows)
    with pytest.raises(FileRefused):
        c.take(rows, place=c.hospital(1))


def test_numbers_of_batches_are_gapless_when_files_are_refused_between_them():
    numbers = []
    september = c.DAY.replace(month=9)
    for since, bad in ((c.DAY, False), (c.DAY, True), (september, False)):
        result = c.take([c.row(c.letter(since=since), **({"SEX": "x"} if bad else {}))])
        numbers.append(result.batch and result.batch.number[:4])
    assert numbers == ["0001", None, "0002"]


def test_a_dry_run_says_the_same_and_leaves_nothing():
    rows = [c.row(c.letter()), c.row(c.letter(), KELAS_RAWAT="1"), c.row(c.letter(), SEX="x")]
    dry = c.take(rows, dry_run=True)
    assert (dry.batch, dry.rows, dry.accepted, dry.refused, dry.blocked) == (None, 3, 1, 2, 1)
    assert not any(model.objects.exists() for model in (ClaimBatch, Claim, NumberSeries))
    assert not default_storage.exists("claims")
    wet = c.take(rows)
    assert [(x.line, x.status, x.findings) for x in wet.lines] == [(x.line, x.status, x.findings) for x in dry.lines]


# Who


@pytest.mark.parametrize("role", ["HOSPITAL_DESK", "HOSPITAL_DIRECTOR", "DINKES_CLAIMS", "VERIFIER_ADMIN"])
def test_only_the_billing_officer_hands_in(role):
    rows = [c.row(c.letter())]
    with pytest.raises(NotAllowed):
        c.take(rows, actor=f.make_user(role, facility=c.hospital() if role.startswith("HOSPITAL") else None))


def test_a_billing_officer_of_another_hospital_is_refused():
    with pytest.raises(NotAllowed):
        c.take([c.row(c.letter())], actor=c.biller(c.hospital(1)))


def test_no_refusal_repeats_a_number_of_a_person():
    sjp = c.letter()
    other = f.make_resident(name="SUTRISNO")
    result = c.take(
        [
            c.row(sjp, NOKARTU=other.nik, NAMA_PASIEN="SUTRISNO"),
            c.row(c.letter(), SEX="x"),
            c.row(c.letter(), NOKARTU="12"),
        ]
    )
    words = " ".join(found.message for line in result.lines for found in line.findings)
    assert words
    assert not re.search(r"\d{16}", words)


def test_take_in_reads_any_open_binary_file():
    place = c.hospital()
    from claims.intake import take_in

    file = io.BytesIO(c.text([c.row(c.letter())]).encode())
    result = take_in(file=file, file_name="x.txt", hospital=place, actor=None, at=c.AT)
    assert result.batch.created_by.username == "sistem"
    assert result.batch.claims.get().state == ClaimState.READY
