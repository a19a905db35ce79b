"""PBI and BPJS lists: both shapes, intervals that open, grow, end and stay, exact NIKs only, and what a person must judge."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ksb.core.errors import Refused
from participants import archive, merge
from participants.enums import CoverageSource, SyncKind
from participants.jkn import comparison, lines, sync
from participants.models import FormerNik, JknCandidate, OtherCoverage, SyncRun
from participants.tabular import Malformed
from tests.factories import NOW, cover_elsewhere, make_household, make_resident, make_run, make_user
from tests.participants.snapshots import state

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat
LATER = NOW + datetime.timedelta(days=30)
PBI, BPJS = "PSNOKA;NIK;NAMA;SEGMEN;BULAN;TAHUN", "PSNOKA,NIK,NAMA,TGLLHR,JENISPESERTA,KDSTATUSPST,TMT,TAT"


@pytest.fixture
def take(tmp_path):
    """Writes a list and takes it in; returns the run."""

    def write_and_take(name, rows, *, header=None, at=NOW, dry_run=False):
        path = tmp_path / name
        text = "\n".join([header or (PBI if name.startswith("pbi") else BPJS), *rows])
        path.write_text(text + "\n", encoding="utf-8")
        return sync.run(paths=[path], actor=None, at=at, dry_run=dry_run)[0]

    return write_and_take


def pbi(resident, month=11, *, year=2026, segment="PBI APBN", card=None):
    return f"{card or resident.pk:013};{resident.nik};{resident.name};{segment};{month};{year}"


def bpjs(resident, *, segment=13, status=0, first="2020-01-01", last="", card=None, nik=None):
    born = resident.birth_date
    nik = resident.nik if nik is None else nik
    return f"{card or resident.pk:013},{nik},{resident.name},{born},{segment},{status},{first},{last}"


def intervals(resident):
    """What is believed of a person, oldest first: segment, status, first and last day, open."""
    rows = OtherCoverage.objects.filter(resident=resident, known_to=None).order_by("valid_from", "pk")
    return [(o.segment, o.status, str(o.valid_from), str(o.valid_to or ""), o.open) for o in rows]


def counted(run):
    names = ("opened", "closed", "unchanged", "to_review", "quarantined")
    return tuple(run.counters[name] for name in names)


# The monthly PBI list


def test_a_month_opens_an_interval_from_its_first_day(take):
    one, two = make_resident(), make_resident()
    run = take("pbi-202611.csv", [pbi(one), pbi(two, segment="APBD")])
    assert counted(run) == (2, 0, 0, 0, 0)
    assert intervals(one) == [(21, 0, "2026-11-01", "", True)]
    assert intervals(two) == [(22, 0, "2026-11-01", "", True)]
    assert (run.kind, run.source, run.snapshot_date) == (SyncKind.JKN, CoverageSource.PBI_LIST, D("2026-11-30"))


def test_who_stands_in_the_next_month_too_goes_on(take):
    one = make_resident()
    take("pbi-202611.csv", [pbi(one)])
    run = take("pbi-202612.csv", [pbi(one, 12)], at=LATER)
    assert counted(run) == (0, 0, 1, 0, 0)
    assert intervals(one) == [(21, 0, "2026-11-01", "", True)]


def test_who_is_missing_from_the_next_month_keeps_the_months_that_were(take):
    one, two = make_resident(), make_resident()
    take("pbi-202611.csv", [pbi(one), pbi(two)])
    run = take("pbi-202612.csv", [pbi(two, 12)], at=LATER)
    assert counted(run) == (0, 1, 1, 0, 0)
    assert intervals(one) == [(21, 0, "2026-11-01", "2026-11-30", False)]


def test_who_comes_back_gets_a_new_interval(take):
    one, two = make_resident(), make_resident()
    take("pbi-202610.csv", [pbi(one, 10), pbi(two, 10)])
    take("pbi-202611.csv", [pbi(two)])
    run = take("pbi-202612.csv", [pbi(one, 12), pbi(two, 12)], at=LATER)
    assert counted(run) == (1, 0, 1, 0, 0)
    assert intervals(one) == [(21, 0, "2026-10-01", "2026-10-31", False), (21, 0, "2026-12-01", "", True)]


def test_a_month_without_a_list_interrupts_nobody(take):
    """Until the next list is in, whoever stood on the last one is taken to be on it still."""
    one, two = make_resident(), make_resident()
    take("pbi-202609.csv", [pbi(one, 9), pbi(two, 9)])
    take("pbi-202611.csv", [pbi(one)], at=LATER)
    assert intervals(one) == [(21, 0, "2026-09-01", "", True)]
    assert intervals(two) == [(21, 0, "2026-09-01", "2026-10-31", False)]


def test_another_segment_is_another_interval(take):
    one = make_resident()
    take("pbi-202611.csv", [pbi(one)])
    run = take("pbi-202612.csv", [pbi(one, 12, segment="PBI APBD")], at=LATER)
    assert counted(run) == (1, 1, 0, 0, 0)
    assert intervals(one) == [(21, 0, "2026-11-01", "2026-11-30", False), (22, 0, "2026-12-01", "", True)]


def test_another_segment_within_the_month_corrects_what_was_believed(take):
    one = make_resident()
    take("pbi-202611.csv", [pbi(one)])
    take("pbi-202611-koreksi.csv", [pbi(one, segment="PBI APBD")], at=LATER)
    assert intervals(one) == [(22, 0, "2026-11-01", "", True)]
    assert OtherCoverage.objects.get(segment=21).known_to == LATER


def test_a_list_of_one_segment_closes_nobody_of_the_other(take):
    one, two = make_resident(), make_resident()
    take("pbi-202611.csv", [pbi(one), pbi(two, segment="APBD")])
    run = take("pbi-202612.csv", [pbi(one, 12)], at=LATER)
    assert counted(run) == (0, 0, 1, 0, 0)
    assert intervals(two)[0][-1] is True
    run = take("pbi-202612-apbd.csv", [pbi(make_resident(), 12, segment="APBD")], at=LATER)
    assert (run.counters["closed"], intervals(two)[0][-1]) == (1, False)


def test_a_second_list_of_a_month_may_be_its_second_part_and_closes_nobody(take):
    one, two = make_resident(), make_resident()
    take("pbi-202611-1.csv", [pbi(one)])
    run = take("pbi-202611-2.csv", [pbi(two)])
    assert counted(run) == (1, 0, 0, 0, 0)
    assert intervals(one)[0][-1] is True


def test_parts_of_a_month_taken_together_close_nobody_of_each_other(tmp_path, take):
    one, two = make_resident(), make_resident()
    take("pbi-202611.csv", [pbi(one), pbi(two)])
    for name, resident in (("pbi-202612-1.csv", one), ("pbi-202612-2.csv", two)):
        (tmp_path / name).write_text(f"{PBI}\n{pbi(resident, 12)}\n")
    runs = sync.run(paths=[tmp_path / "pbi-202612-1.csv", tmp_path / "pbi-202612-2.csv"], actor=None, at=LATER)
    assert [counted(run) for run in runs] == [(0, 0, 1, 0, 0)] * 2


@pytest.mark.parametrize("month", ["11", "NOVEMBER", "November", "NOPEMBER", "nov"])
def test_months_may_be_names_or_numbers(take, month):
    one = make_resident()
    assert counted(take("pbi-202611.csv", [pbi(one, month)])) == (1, 0, 0, 0, 0)


def test_the_month_of_a_list_without_one_in_its_name_is_that_of_its_first_row(take):
    one = make_resident()
    assert take("pbi-terbaru.csv", [pbi(one, "OKTOBER")]).snapshot_date == D("2026-10-31")


# The BPJS list


def test_the_bpjs_list_says_first_and_last_day_itself(take):
    one, two = make_resident(), make_resident()
    run = take("bpjs-202611.csv", [bpjs(one), bpjs(two, status=6, last="2025-05-31")])
    assert counted(run) == (2, 0, 0, 0, 0)
    assert intervals(one) == [(13, 0, "2020-01-01", "", True)]
    assert intervals(two) == [(13, 6, "2020-01-01", "2025-05-31", True)]
    assert (run.source, run.snapshot_date) == (CoverageSource.BPJS_LIST, D("2026-11-30"))


def test_a_list_of_a_day_speaks_of_that_day(take):
    assert take("bpjs-20261115.csv", [bpjs(make_resident())]).snapshot_date == D("2026-11-15")


def test_a_row_that_stays_writes_nothing(take):
    one = make_resident()
    take("bpjs-202611.csv", [bpjs(one)])
    before = OtherCoverage.objects.get().run_id
    assert counted(take("bpjs-202612.csv", [bpjs(one)], at=LATER)) == (0, 0, 1, 0, 0)
    assert OtherCoverage.objects.get().run_id == before


def test_a_last_day_that_is_told_later_replaces_what_was_believed(take):
    one = make_resident()
    take("bpjs-202611.csv", [bpjs(one)])
    run = take("bpjs-202612.csv", [bpjs(one, last="2026-11-30")], at=LATER)
    assert counted(run) == (1, 1, 0, 0, 0)
    assert intervals(one) == [(13, 0, "2020-01-01", "2026-11-30", True)]
    believed = OtherCoverage.objects.get(known_to__isnull=False)
    assert (believed.valid_to, believed.known_from, believed.known_to) == (None, NOW, LATER)


def test_a_status_that_changes_ends_the_old_one_before_the_list(take):
    one = make_resident()
    take("bpjs-202611.csv", [bpjs(one)])
    take("bpjs-202612.csv", [bpjs(one, status=9)], at=LATER)
    assert intervals(one) == [(13, 0, "2020-01-01", "2026-11-30", False), (13, 9, "2020-01-01", "", True)]


def test_a_new_employer_ends_the_old_interval_the_day_before(take):
    one = make_resident()
    take("bpjs-202611.csv", [bpjs(one)])
    take("bpjs-202612.csv", [bpjs(one, segment=14, first="2026-11-20")], at=LATER)
    assert intervals(one) == [(13, 0, "2020-01-01", "2026-11-19", False), (14, 0, "2026-11-20", "", True)]


def test_who_is_missing_from_the_list_was_covered_until_it_began(take):
    one, two = make_resident(), make_resident()
    take("bpjs-202611.csv", [bpjs(one), bpjs(two)])
    run = take("bpjs-202612.csv", [bpjs(two)], at=LATER)
    assert counted(run) == (0, 1, 1, 0, 0)
    assert intervals(one) == [(13, 0, "2020-01-01", "2026-11-30", False)]


def test_an_interval_that_ended_long_ago_stays_when_it_leaves_the_list(take):
    one, two = make_resident(), make_resident()
    take("bpjs-202611.csv", [bpjs(one, status=6, last="2024-01-31"), bpjs(two)])
    run = take("bpjs-202612.csv", [bpjs(two)], at=LATER)
    assert (counted(run), len(intervals(one))) == ((0, 0, 1, 0, 0), 1)


def test_a_corrected_first_day_leaves_no_second_interval(take):
    one = make_resident()
    take("bpjs-202611.csv", [bpjs(one, first="2020-01-01")])
    take("bpjs-202612.csv", [bpjs(one, first="2019-01-01")], at=LATER)
    assert intervals(one) == [(13, 0, "2019-01-01", "", True)]


def test_several_rows_of_a_person_are_kept_and_the_active_one_is_open(take):
    one = make_resident()
    rows = [
        bpjs(one, status=6, first="2015-01-01", last="2018-12-31"),
        bpjs(one),
        bpjs(one, status=9, first="2021-01-01"),
    ]
    assert counted(take("bpjs-202611.csv", rows)) == (3, 0, 0, 0, 0)
    assert [row[-1] for row in intervals(one)] == [False, True, False]
    assert counted(take("bpjs-202612.csv", rows, at=LATER)) == (0, 0, 3, 0, 0)


def test_the_two_lists_do_not_touch_each_other(take):
    one = make_resident()
    take("pbi-202611.csv", [pbi(one)])
    take("bpjs-202611.csv", [bpjs(one)])
    run = take("bpjs-202612.csv", [bpjs(make_resident())], at=LATER)
    assert run.counters["closed"] == 1
    assert intervals(one)[-1] == (21, 0, "2026-11-01", "", True)


def test_what_a_family_declared_is_not_the_lists_to_close(take):
    one = make_resident()
    cover_elsewhere(one, segment=13, source=CoverageSource.DECLARED)
    take("bpjs-202611.csv", [bpjs(make_resident())])
    assert len(intervals(one)) == 1


# Two ways, one result


def month_after_month(people):
    """Lists of two months in which everything happens, the last rows of both included; ``(name, rows)``."""
    one, two, three, four, *rest, last = people
    strange = "0000000000099;3275011705909999;TIDAK DIKENAL;APBN;{};2026"
    november = [pbi(p, "NOVEMBER") for p in (one, two, three, *rest, last)]
    november += [strange.format("NOVEMBER"), "rubbish", pbi(one, "NOVEMBER"), pbi(four, "NOVEMBER", segment="APBD")]
    december = [pbi(p, 12) for p in (one, *rest[1:])]
    december += [
        pbi(two, 12, segment="APBD"),
        pbi(four, "Des"),
        pbi(rest[1], 12),
        strange.format(12),
        pbi(three, 11),
        "rubbish",
    ]
    members = [bpjs(p) for p in people] + [bpjs(one, status=6, first="2015-01-01", last="2016-12-31"), bpjs(two), "x"]
    changed = [bpjs(p) for p in people[3:-1]] + [
        bpjs(one, status=6, first="2015-01-01", last="2016-12-31"),
        bpjs(two, status=9),
        bpjs(three, last="2026-11-30"),
        bpjs(four),
        bpjs(rest[0], segment=14, first="2026-12-05"),
        bpjs(rest[1], nik="3275011705908888", card=77),
        "x",
    ]
    months = [("pbi-202611.csv", november), ("bpjs-202611.csv", members), ("pbi-202612.csv", december)]
    return [*months, ("bpjs-202612.csv", changed)]


def test_comparing_lists_and_loading_all_rows_give_the_same_result(take, monkeypatch):
    household = make_household()
    months = month_after_month([make_resident(household) for _ in range(30)])

    def all_months():
        with transaction.atomic():
            runs = [take(name, rows, at=LATER) for name, rows in months]
            counters = [{name: value for name, value in run.counters.items() if name != "proof"} for run in runs]
            found = state(), counters
            transaction.set_rollback(True)
        return found

    used = []
    load = comparison.load
    monkeypatch.setattr(comparison, "load", lambda *args: used.append(load(*args)) or used[-1])
    compared = all_months()
    assert used == [True, True]
    monkeypatch.setattr(comparison, "load", lambda *args: False)
    assert all_months() == compared


def test_who_waited_for_the_list_of_a_segment_is_closed_when_it_comes_without_them(take, monkeypatch):
    """Nobody of APBD one month, one person the next: the earlier one is not among the rows that differ."""
    waits, moves, *others = [make_resident(make_household()) for _ in range(6)]

    def three_months():
        with transaction.atomic():
            take("pbi-202609.csv", [pbi(waits, 9, segment="APBD"), *(pbi(p, 9) for p in (moves, *others))], at=LATER)
            take("pbi-202610.csv", [pbi(p, 10) for p in (moves, *others)], at=LATER)
            take("pbi-202611.csv", [pbi(moves, 11, segment="APBD"), *(pbi(p, 11) for p in others)], at=LATER)
            found = intervals(waits), intervals(moves)
            transaction.set_rollback(True)
        return found

    compared = three_months()
    assert not any(is_open for *_interval, is_open in compared[0])
    monkeypatch.setattr(comparison, "load", lambda *args: False)
    assert three_months() == compared


@pytest.mark.parametrize(
    "breach", ["file changed", "numbers lost", "numbers changed", "interval changed", "other header"]
)
def test_without_proof_that_they_belong_together_every_row_is_loaded(take, monkeypatch, breach):
    one, two = make_resident(), make_resident()
    run = take("bpjs-202611.csv", [bpjs(one), bpjs(two), "x"])
    kept = archive.kept(run.archive)
    numbers = archive.kept(run.archive + comparison.SKIPPED)
    header = BPJS
    if breach == "file changed":
        kept.write_bytes(kept.read_bytes() + b"x")
    elif breach == "numbers lost":
        numbers.unlink()
    elif breach == "numbers changed":
        numbers.write_bytes(b"2")
    elif breach == "interval changed":
        OtherCoverage.objects.filter(resident=one).update(status=9)
    else:
        header = BPJS.lower()
    monkeypatch.setattr(merge, "difference", lambda *a, **k: pytest.fail("compared without proof"))
    run = take("bpjs-202612.csv", [bpjs(one), bpjs(two), "x", bpjs(make_resident())], header=header, at=LATER)
    assert intervals(one) == [(13, 0, "2020-01-01", "", True)] or breach == "interval changed"
    assert run.counters["quarantined"] == 1


# Who it is


def test_only_an_exact_nik_excludes_anybody_others_wait_for_a_person(take):
    one = make_resident()
    wrong = one.nik[:12] + "9" + one.nik[13:]
    run = take("bpjs-202611.csv", [bpjs(one, nik=wrong), bpjs(one, nik="", card=7)])
    assert counted(run) == (0, 0, 0, 2, 0)
    assert intervals(one) == []
    assert set(JknCandidate.objects.values_list("resident", flat=True)) == {one.pk}
    assert JknCandidate.objects.get(line_number=2).raw == bpjs(one, nik=wrong)


def test_without_one_person_of_that_name_and_birth_date_nobody_is_proposed(take):
    one, two = make_resident(name="SITI"), make_resident(name="SITI")
    assert one.birth_date == two.birth_date
    take("bpjs-202611.csv", [bpjs(one, nik="3275011705909999")])
    assert JknCandidate.objects.get().resident is None


def test_a_row_is_asked_about_once_not_monthly(take):
    one = make_resident()
    for name in ("bpjs-202611.csv", "bpjs-202612.csv"):
        run = take(
            name, [bpjs(one, nik="3275011705909999", first=f"20{name[7:9]}-01-01"), bpjs(make_resident())], at=LATER
        )
        assert run.counters["to_review"] == 1
    assert JknCandidate.objects.count() == 1


def test_a_former_nik_is_the_same_person(take):
    one = make_resident()
    FormerNik.objects.create(nik="3275011705909999", resident=one, run=make_run())
    take("bpjs-202611.csv", [bpjs(one, nik="3275011705909999")])
    assert len(intervals(one)) == 1


# Rows and files that are not taken


@pytest.mark.parametrize(
    ("code", "name", "row"),
    [
        ("NIK_NOT_16_DIGITS", "pbi-202611.csv", "1;327501170590001;A;APBN;11;2026"),
        ("NIK_SCIENTIFIC", "pbi-202611.csv", "1;3.27501E+15;A;APBN;11;2026"),
        ("CARD_MISSING", "pbi-202611.csv", ";3275011705900001;A;APBN;11;2026"),
        ("TEXT_TOO_LONG", "pbi-202611.csv", "12345678901234;3275011705900001;A;APBN;11;2026"),
        ("BAD_SEGMENT", "pbi-202611.csv", "1;3275011705900001;A;MANDIRI;11;2026"),
        ("BAD_MONTH", "pbi-202611.csv", "1;3275011705900001;A;APBN;10;2026"),
        ("BAD_MONTH", "pbi-202611.csv", "1;3275011705900001;A;APBN;BULAN;2026"),
        ("BAD_MONTH", "pbi-202611.csv", "1;3275011705900001;A;APBN;11;26"),
        ("COLUMN_COUNT", "pbi-202611.csv", "1;3275011705900001;A"),
        ("EMPTY_LINE", "pbi-202611.csv", ""),
        ("BAD_SEGMENT", "bpjs-202611.csv", "1,3275011705900001,A,1990-05-17,29,0,2020-01-01,"),
        ("BAD_JKN_STATUS", "bpjs-202611.csv", "1,3275011705900001,A,1990-05-17,13,aktif,2020-01-01,"),
        ("TMT_INVALID", "bpjs-202611.csv", "1,3275011705900001,A,1990-05-17,13,0,,"),
        ("TMT_INVALID", "bpjs-202611.csv", "1,3275011705900001,A,1990-05-17,13,0,2020-02-30,"),
        ("TAT_INVALID", "bpjs-202611.csv", "1,3275011705900001,A,1990-05-17,13,0,2020-01-01,besok"),
        ("TAT_BEFORE_TMT", "bpjs-202611.csv", "1,3275011705900001,A,1990-05-17,13,0,2020-01-01,2019-01-01"),
        ("TAT_BEFORE_TMT", "bpjs-202611.csv", "0000000000001,3275011705900001,A,1990-05-17,13,0,2020-01-01,2019-01-01"),
    ],
)
def test_a_malformed_row_is_set_apart_with_its_reason(take, code, name, row):
    good = make_resident()
    run = take(name, [row, pbi(good) if name.startswith("pbi") else bpjs(good)])
    assert counted(run) == (1, 0, 0, 0, 1)
    assert (run.quarantine.get().reason, run.quarantine.get().line_number) == (code, 2)


def test_the_same_row_twice_counts_once(take):
    one = make_resident()
    for name, row in (("pbi-202611.csv", pbi(one)), ("bpjs-202611.csv", bpjs(one))):
        run = take(name, [row, row])
        assert counted(run) == (1, 0, 0, 0, 1)
        assert run.counters["quarantined_by_reason"] == {"DUPLICATE_LINE": 1}


def test_both_delimiters_a_byte_order_mark_and_other_columns_are_read(take):
    one, two = make_resident(), make_resident()
    rows = [f"x;{one.nik};A;1;APBN;11;2026"]
    header = "\ufeffdusun;nik;nama;psnoka;segmen;bulan;tahun"
    assert counted(take("pbi-202611.csv", rows, header=header)) == (1, 0, 0, 0, 0)
    rows = [bpjs(two).replace(",", ";")]
    assert counted(take("bpjs-202611.csv", rows, header=BPJS.replace(",", ";"))) == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("name", "header", "word"),
    [
        ("pbi-202611.csv", "PSNOKA;NIK;NAMA;SEGMEN;TAHUN", "BULAN"),
        ("bpjs-202611.csv", "PSNOKA,NIK,NAMA", "TGLLHR, JENISPESERTA, KDSTATUSPST, TMT, TAT"),
        ("lain.csv", "A,B", "PSNOKA"),
    ],
)
def test_a_list_with_a_column_missing_is_refused_by_name(take, name, header, word):
    with pytest.raises(Refused, match=word) as caught:
        take(name, ["x"], header=header)
    assert caught.value.message.startswith(name)


def test_a_file_that_cannot_be_used_refuses_the_whole_call(tmp_path, take):
    good, bad = tmp_path / "pbi-202611.csv", tmp_path / "bpjs-202611.csv"
    good.write_text(f"{PBI}\n{pbi(make_resident())}\n")
    bad.write_text("rubbish")
    before = state()
    with pytest.raises(sync.BadFile) as caught:
        sync.run(paths=[good, bad], actor=None, at=NOW)
    assert (caught.value.path, state()) == (bad, before)


@pytest.mark.parametrize("name", ["pbi-202610.csv", "pbi-209911.csv"])
def test_a_list_of_the_wrong_time_is_refused(take, name):
    take("pbi-202611.csv", [pbi(make_resident())])
    with pytest.raises(Refused):
        take(name, [pbi(make_resident())])


def test_a_pbi_list_whose_month_nobody_can_tell_is_refused(take):
    with pytest.raises(Refused, match="pbi-YYYYMM"):
        take("pbi-baru.csv", ["1;2;3;4;5;6"])


# Repeats and rehearsals


def test_the_same_list_again_changes_nothing_and_says_so(take):
    one = make_resident()
    for name, row in (("pbi-202611.csv", pbi(one)), ("bpjs-202611.csv", bpjs(one))):
        run = take(name, [row])
        before = state()
        again = take(name, [row])
        assert (again.pk, again.counters["already_applied"], counted(again)) == (run.pk, True, (0, 0, 1, 0, 0))
        assert state() == before


def test_a_dry_run_counts_the_same_and_changes_nothing(take):
    one = make_resident()
    before = state()
    rehearsal = take("pbi-202611.csv", [pbi(one), "rubbish"], dry_run=True)
    assert (state(), SyncRun.objects.count()) == (before, 0)
    run = take("pbi-202611.csv", [pbi(one), "rubbish"])
    assert {name: value for name, value in run.counters.items() if name != "proof"} == rehearsal.counters


@pytest.mark.parametrize("size", [2, 200])
def test_a_list_takes_the_same_statements_for_every_number_of_people(take, query_count, size):
    household = make_household()
    everybody = [make_resident(household) for _ in range(size)]
    take("bpjs-202611.csv", [bpjs(one) for one in everybody])
    with query_count("participants.sync_jkn"):
        take("bpjs-202612.csv", [bpjs(one, status=9) for one in everybody], at=LATER)


def test_one_run_at_a_time(take, elsewhere):
    with elsewhere(sync.LOCK), pytest.raises(Refused) as caught:
        take("pbi-202611.csv", [pbi(make_resident())])
    assert caught.value.code == "busy"


def test_the_command_adds_the_files_up_for_a_machine(tmp_path, capsys):
    one = make_resident()
    (tmp_path / "pbi-202611.csv").write_text(f"{PBI}\n{pbi(one)}\nrubbish\n")
    (tmp_path / "bpjs-202611.csv").write_text(f"{BPJS}\n{bpjs(one)}\n{bpjs(one, nik='3275011705909999', card=9)}\n")
    call_command("sync_jkn", *(str(tmp_path / name) for name in ("pbi-202611.csv", "bpjs-202611.csv")), "--json")
    told = json.loads(capsys.readouterr().out)
    expected = {"state": "APPLIED", "opened": 2, "closed": 0, "unchanged": 0, "to_review": 1, "quarantined": 1}
    assert told | expected | {"quarantined_by_reason": {"COLUMN_COUNT": 1}} == told
    assert [run["file"] for run in told["runs"]] == ["pbi-202611.csv", "bpjs-202611.csv"]


@pytest.mark.parametrize(("name", "code"), [("nothing-there.csv", 2), ("rubbish.csv", 1)])
def test_the_command_ends_with_the_code_of_what_went_wrong(tmp_path, name, code):
    (tmp_path / "rubbish.csv").write_text("rubbish")
    with pytest.raises(CommandError) as caught:
        call_command("sync_jkn", str(tmp_path / name))
    assert caught.value.returncode == code


def test_every_way_to_write_a_month_is_one_of_twelve():
    assert [lines._month(name) for name in ("Januari", "PEBRUARI", "agt", "12")] == [1, 2, 8, 12]
    with pytest.raises(Malformed):
        lines._month("13")


def test_city_offices_see_intervals_and_questions_and_desks_do_not(take):
    take("bpjs-202611.csv", [bpjs(make_resident(), nik="")])
    dinkes, clerk = make_user("DINKES_MEMBERSHIP"), make_user("PUSKESMAS_CLERK")
    assert JknCandidate.objects.visible_to(dinkes).count() == 1
    assert not JknCandidate.objects.visible_to(clerk).exists()
