"""A snapshot as a whole: what is refused, what is taken, what a repeat does, and that both ways of reading give the same."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ksb.core.errors import Refused
from participants import archive, merge
from participants.dukcapil import apply, sync
from participants.enums import ResidentStatus, SyncState
from participants.models import Household, QuarantinedRow, Resident, SyncRun
from tests.factories import NOW
from tests.participants.snapshots import (
    DAY,
    HEADER,
    events,
    family,
    line,
    of,
    people,
    person,
    refused,
    state,
    take,
    write,
)

pytestmark = pytest.mark.django_db
NEXT = DAY + datetime.timedelta(days=1)


def refusal(folder, rows, **how):
    """The sentence of a file that is refused as a whole; nothing may have been taken from it."""
    before = state()
    with pytest.raises(Refused) as caught:
        take(folder, rows, **how)
    assert state() == before
    return str(caught.value.message)


# The first load


def test_the_first_load_takes_everybody_and_makes_no_events(tmp_path):
    home = family(4)
    run = take(tmp_path, [*home, person(FLAG_STATUS="1", TGL_STATUS="2026-01-02")])
    assert run.state == SyncState.APPLIED
    assert {name: run.counters[name] for name in ("read", "added", "unchanged", "accepted", "quarantined")} == {
        "read": 5,
        "added": 5,
        "unchanged": 0,
        "accepted": 5,
        "quarantined": 0,
    }
    assert events(run) == []
    head = of(home[0])
    assert (head.household.head, head.household.residents.count()) == (head, 4)
    assert (head.kelurahan_id, head.city_code, head.known_from) == ("32.75.01.1001", "32.75", NOW)
    assert (head.household.address, head.household.rt, head.household.rw) == ("JL. UJI NO. 1", "001", "002")


def test_the_file_is_kept_under_its_checksum(tmp_path):
    run = take(tmp_path, people(2))
    assert archive.kept(run.archive).read_bytes() == (tmp_path / "registry-20261121.csv").read_bytes()
    assert run.archive == run.sha256


def test_a_resident_with_an_address_elsewhere_has_moved_out(tmp_path):
    row = person(NO_PROP="32", NO_KAB="16", NO_KEC="7", NO_KEL="2001")
    take(tmp_path, [row])
    resident = of(row)
    assert (resident.status, resident.city_code, resident.kelurahan_id) == (ResidentStatus.MOVED_OUT, "32.16", None)
    assert resident.status_on == DAY


# Files that are refused as a whole, each with a sentence


def test_a_missing_column_is_named(tmp_path):
    text = HEADER.replace("TGL_LHR,", "").replace("NO_RW,", "")
    assert "TGL_LHR, NO_RW" in refusal(tmp_path, ["x"], header=text)


def test_a_column_that_stands_twice_is_named(tmp_path):
    assert "NIK" in refusal(tmp_path, ["x"], header=HEADER + ",NIK")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        HEADER.encode(),
        f"{HEADER}\n{line(person())}\n".encode("utf-16"),
        f"{HEADER}\n".encode("utf-16-le"),
        HEADER.replace("NIK", "NÏK").encode("latin-1") + b"\nx",
        b"PK\x03\x04 a spreadsheet",
        b"x" * (1 << 21),
        b"\xff\xfe\x00\x00",
    ],
    ids=["empty", "blank", "header only", "utf-16", "utf-16-le", "latin-1", "xlsx", "no lines", "noise"],
)
def test_what_is_no_table_of_people_is_refused(tmp_path, content):
    path = tmp_path / "registry-20261121.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        sync.run(path=path, actor=None, at=NOW)
    assert len(str(caught.value.message)) > 10
    assert not Resident.objects.exists()
    assert set(SyncRun.objects.values_list("state", flat=True)) <= {SyncState.REFUSED}


@pytest.mark.parametrize(
    ("told", "word"),
    [({"rows": 3}, "3"), ({"sha256": "0" * 64}, "json"), ({"rows": "many"}, "json"), ({"rows": None}, "json")],
)
def test_a_file_that_differs_from_its_side_file_is_refused(tmp_path, told, word):
    assert word in refusal(tmp_path, people(2), manifest=told)
    assert SyncRun.objects.get().state == SyncState.REFUSED


def test_a_side_file_that_is_no_json_refuses_the_file(tmp_path):
    path = write(tmp_path, people(2))
    path.with_name(path.name + ".json").write_text("rows: 2")
    with pytest.raises(Refused):
        sync.run(path=path, actor=None, at=NOW)


def test_a_file_that_fits_its_side_file_is_taken(tmp_path):
    assert take(tmp_path, people(2), manifest=True).state == SyncState.APPLIED
    assert take(tmp_path, people(3), manifest=True, day=NEXT, last_end=False).state == SyncState.APPLIED


def test_a_refused_file_is_told_in_its_run_and_may_come_again(tmp_path):
    rows = people(2)
    refusal(tmp_path, rows, manifest={"rows": 9})
    assert "9" in SyncRun.objects.get().message
    assert take(tmp_path, rows, manifest=True).state == SyncState.APPLIED


def test_an_older_snapshot_than_the_last_is_refused(tmp_path):
    take(tmp_path, people(2), day=NEXT)
    assert "21-11-2026" in refusal(tmp_path, people(2), day=DAY)


def test_a_snapshot_of_another_year_to_come_is_refused(tmp_path):
    assert "2062" in refusal(tmp_path, people(1), day=datetime.date(2062, 11, 21))


def test_a_file_name_with_an_impossible_day_is_refused(tmp_path):
    assert "registry-20261341.csv" in refusal(tmp_path, people(1), name="registry-20261341.csv")


def test_a_file_name_without_a_day_is_of_today(tmp_path):
    assert take(tmp_path, people(1), name="registry.csv").snapshot_date == NOW.date()


# Lines that are refused beside others


def test_malformed_lines_are_set_apart_and_the_others_taken(tmp_path):
    rows = people(3)
    run = take(tmp_path, [rows[0], "rubbish", rows[1], {**person(), "NIK": "327501"}, rows[2]])
    assert refused(run) == {3: "COLUMN_COUNT", 5: "NIK_NOT_16_DIGITS"}
    assert (run.counters["accepted"], run.counters["quarantined"], run.counters["read"]) == (3, 2, 5)
    assert run.counters["quarantined_by_reason"] == {"COLUMN_COUNT": 1, "NIK_NOT_16_DIGITS": 1}
    assert QuarantinedRow.objects.get(line_number=3).raw == "rubbish"


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("REGION_UNKNOWN", {"NO_KEC": "99"}),
        ("BIRTH_DATE_IN_FUTURE", {"TGL_LHR": "2026-11-23"}),
        ("ARRIVAL_DATE_IN_FUTURE", {"TGL_DATANG": "2027-01-01"}),
        ("STATUS_DATE_IN_FUTURE", {"FLAG_STATUS": "1", "TGL_STATUS": "2027-01-01"}),
    ],
)
def test_a_line_that_cannot_be_true_is_set_apart(tmp_path, code, values):
    run = take(tmp_path, [person(**values), *people(2)])
    assert refused(run) == {2: code}


def test_a_day_after_the_snapshots_is_believed_when_it_was_exported_after_midnight(tmp_path):
    assert take(tmp_path, [person(TGL_LHR="2026-11-22", TGL_DATANG="2026-11-22")]).counters["accepted"] == 1


def test_the_same_line_twice_is_taken_once(tmp_path):
    row = person()
    run = take(tmp_path, [row, row])
    assert (refused(run), Resident.objects.count()) == ({3: "DUPLICATE_LINE"}, 1)


def test_of_two_people_with_one_nik_the_one_it_was_made_for_is_taken(tmp_path):
    right = person(NIK="3275011705901234")
    wrong = person(NIK="3275011705901234", TGL_LHR="1971-01-01", NAMA_LGKP="ORANG LAIN")
    run = take(tmp_path, [wrong, right])
    assert refused(run) == {2: "DUPLICATE_NIK"}
    assert of(right).name == right["NAMA_LGKP"]


def test_a_second_line_for_somebody_known_does_not_replace_the_known_one(tmp_path):
    row = person()
    take(tmp_path, [row])
    other = row | {"NO_KK": "3275010101209999", "STAT_HBKEL": "9"}
    for day, rows in ((NEXT, [other, row]), (NEXT + datetime.timedelta(days=1), [row, other])):
        run = take(tmp_path, rows, day=day)
        assert list(refused(run).values()) == ["DUPLICATE_NIK"]
        assert of(row).household.kk_number == row["NO_KK"]


def test_of_two_new_lines_for_somebody_known_the_one_that_resembles_what_is_known_is_taken(tmp_path):
    row = person()
    take(tmp_path, [row])
    stranger = row | {"NAMA_LGKP": "ORANG LAIN", "TGL_LHR": "1971-01-01", "JENIS_KLMIN": "2"}
    run = take(tmp_path, [stranger, row | {"STAT_KWN": "2"}], day=NEXT)
    assert refused(run) == {2: "DUPLICATE_NIK"}
    assert (of(row).name, of(row).marital_status) == (row["NAMA_LGKP"], 2)


# A malformed line does not close its person


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row | {"JENIS_KLMIN": "9"},
        lambda row: row | {"NIK": row["NIK"][:15]},
        lambda row: row | {"NIK": "3.27501E+15"},
        lambda row: row | {"NIK": "3.27501E+15", "NO_KK": "3.27501E+15"},
        lambda row: line(row)[:60],
        lambda row: line(row)[:20],
        lambda row: line(row).replace("BEKASI", 'BE"KASI', 1) + '"',
        lambda row: line(row).replace(row["NAMA_LGKP"], "R\0", 1),
        lambda row: line(row).replace(row["NAMA_LGKP"], "É", 1).encode("latin-1"),
        lambda row: line(row).replace(",", ";"),
        lambda row: "?????",
        lambda row: "",
    ],
    ids=[
        "sex",
        "15 digits",
        "scientific",
        "both",
        "cut",
        "cut early",
        "quote",
        "nul",
        "latin-1",
        "semicolons",
        "?",
        "blank",
    ],
)
def test_whose_line_has_gone_bad_stays_as_known(tmp_path, spoil):
    row, others = person(), people(3)
    take(tmp_path, [row, *others])
    run = take(tmp_path, [spoil(row), *others], day=NEXT)
    assert (run.counters["quarantined"], run.counters["gone"], run.counters["held"]) == (1, 0, 1)
    assert (of(row).status, of(row).listed) == (ResidentStatus.ACTIVE, False)


def test_whose_line_is_sound_again_is_listed_again_without_any_event(tmp_path):
    row, others = person(), people(3)
    take(tmp_path, [row, *others])
    take(tmp_path, [row | {"NIK": row["NIK"][:15]}, *others], day=NEXT)
    run = take(tmp_path, [row, *others], day=NEXT + datetime.timedelta(days=1))
    assert (of(row).listed, run.counters["unchanged"], events(run)) == (True, 4, [])


def test_who_is_missing_while_other_lines_are_bad_is_gone_all_the_same(tmp_path):
    row, others = person(), people(3)
    take(tmp_path, [row, *others])
    run = take(tmp_path, [others[0] | {"STAT_KWN": "7"}, *others[1:]], day=NEXT)
    assert (of(row).status, of(others[0]).status) == (ResidentStatus.GONE, ResidentStatus.ACTIVE)
    assert (run.counters["gone"], run.counters["held"]) == (1, 1)


def test_a_line_nobody_can_read_holds_the_missing_for_one_file_only(tmp_path):
    row, others = person(), people(3)
    take(tmp_path, [row, *others])
    take(tmp_path, ["?????", *others], day=NEXT)
    run = take(tmp_path, ["(3 rows)", *others], day=NEXT + datetime.timedelta(days=1))
    assert (of(row).status, run.counters["gone"]) == (ResidentStatus.GONE, 1)


# Repeats, rehearsals, order


def test_the_last_file_again_changes_nothing_and_says_so(tmp_path):
    rows = people(3)
    run = take(tmp_path, rows)
    before = state()
    again = take(tmp_path, rows)
    assert (again.pk, again.counters["already_applied"], again.counters["unchanged"]) == (run.pk, True, 3)
    assert (again.counters["added"], state(), SyncRun.objects.count()) == (0, before, 1)


def test_a_dry_run_counts_the_same_and_changes_nothing(tmp_path):
    rows = [*people(3), "rubbish"]
    rehearsal = take(tmp_path, rows, dry_run=True)
    assert (Resident.objects.count(), SyncRun.objects.count(), rehearsal.pk) == (0, 0, None)
    run = take(tmp_path, rows)
    assert rehearsal.counters == {name: value for name, value in run.counters.items() if name != "proof"}
    changed = [rows[0] | {"FLAG_STATUS": "1", "TGL_STATUS": "2026-11-21"}, *rows[2:], person()]
    before = state()
    rehearsal = take(tmp_path, changed, day=NEXT, dry_run=True)
    assert state() == before
    run = take(tmp_path, changed, day=NEXT)
    assert rehearsal.counters == {name: value for name, value in run.counters.items() if name != "proof"}
    assert rehearsal.state == run.state


def test_an_unchanged_file_of_the_next_day_makes_the_data_younger(tmp_path):
    rows = people(3)
    take(tmp_path, rows)
    run = take(tmp_path, rows, day=NEXT)
    assert (run.snapshot_date, run.counters["unchanged"], run.state) == (NEXT, 3, SyncState.APPLIED)


def test_a_corrected_file_of_the_same_day_is_taken(tmp_path):
    rows = people(3)
    take(tmp_path, rows)
    assert take(tmp_path, [*rows, person()]).counters["unchanged"] == 3


def test_the_columns_may_stand_in_any_order_with_others_between(tmp_path):
    rows = people(2)
    names = ["DUSUN", *reversed(HEADER.split(","))]
    lines = [";".join({"DUSUN": "x", **row}[name] for name in names) for row in rows]
    run = take(tmp_path, lines, header=";".join(names).lower())
    assert (run.counters["accepted"], of(rows[0]).name) == (2, rows[0]["NAMA_LGKP"])
    assert take(tmp_path, rows, day=NEXT).counters["unchanged"] == 2


def test_a_byte_order_mark_and_windows_line_ends_are_no_hindrance(tmp_path):
    rows = people(2)
    take(tmp_path, rows, header="\ufeff" + HEADER, end="\r\n")
    assert take(tmp_path, rows, day=NEXT).counters["unchanged"] == 2


def test_one_run_at_a_time(tmp_path, elsewhere):
    with elsewhere(sync.LOCK), pytest.raises(Refused) as caught:
        take(tmp_path, people(1))
    assert caught.value.code == "busy"


# Two ways, one result


def changed_city():
    """Two snapshots in which everything happens, the last lines of both files included."""
    home, leaving, merged, last = family(5), family(3), family(2), person()
    others = people(40)
    first = [*others[:20], *home, *leaving, *merged, "rubbish", *others[20:], last]
    split = [
        home[2] | {"NO_KK": "3275010101207777", "STAT_HBKEL": "1"},
        *(row | {"FLAG_STATUS": "2", "TGL_STATUS": "2026-11-20", "NO_KAB": "16"} for row in leaving),
    ]
    second = [
        *others[1:20],
        *home[:2],
        home[3] | {"FLAG_EKTP": "1"},
        home[4] | {"NIK": "3275011705909999"},
        "rubbish",
        merged[0],
        merged[1] | {"NAMA_LGKP": "NAMA BARU"},
        others[21] | {"NIK": others[21]["NIK"][:15]},
        *others[22:],
        person(TGL_LHR="2026-11-10", TGL_DATANG="2026-11-10", FLAG_EKTP="0"),
        *split,
        person(TGL_DATANG="2026-11-20"),
    ]
    return first, second


@pytest.mark.parametrize("last_end", [True, False])
def test_comparing_files_and_loading_all_lines_give_the_same_result(tmp_path, monkeypatch, last_end):
    first, second = changed_city()

    def both_nights():
        with transaction.atomic():
            take(tmp_path, first, last_end=last_end)
            run = take(tmp_path, second, day=NEXT, last_end=not last_end)
            counters = {name: value for name, value in run.counters.items() if name != "proof"}
            found = state(), counters, run.counters["proof"]
            assert apply.proof().fits(run.counters["proof"])
            transaction.set_rollback(True)
        return found

    compared = both_nights()
    monkeypatch.setattr(sync, "_difference", lambda *args: None)
    assert both_nights() == compared


def test_the_files_are_compared_when_they_prove_to_belong_to_the_database(tmp_path, monkeypatch):
    used = []
    compare = merge.difference
    monkeypatch.setattr(merge, "difference", lambda *a, **k: used.append(1) or compare(*a, **k))
    rows = people(5)
    take(tmp_path, rows)
    take(tmp_path, rows[1:], day=NEXT)
    assert used == [1]


@pytest.mark.parametrize("breach", ["file changed", "file lost", "person added", "person removed"])
def test_without_that_proof_every_line_is_held_against_the_database(tmp_path, monkeypatch, breach):
    rows = people(5)
    run = take(tmp_path, rows)
    kept = archive.kept(run.archive)
    if breach == "file changed":
        kept.write_bytes(kept.read_bytes().replace(b"BEKASI", b"BOGOR!", 1))
    elif breach == "file lost":
        kept.unlink()
    elif breach == "person added":
        Resident.objects.filter(nik=rows[0]["NIK"]).update(nik="3275011705904444")
        Resident.objects.filter(nik="3275011705904444").update(fingerprint=1)
    else:
        Resident.objects.filter(nik=rows[0]["NIK"]).delete()
    monkeypatch.setattr(merge, "difference", lambda *a, **k: pytest.fail("compared without proof"))
    take(tmp_path, [*rows, person()], day=NEXT)
    assert Resident.objects.filter(nik__in=[row["NIK"] for row in rows], status=0).count() == 5


def test_every_column_of_everybody_is_what_the_last_file_says(tmp_path):
    """Against an independent parse of the file, after a night in which everything happened."""
    first, second = changed_city()
    take(tmp_path, first)
    take(tmp_path, second, day=NEXT)
    rows = {row["NIK"]: row for row in second if isinstance(row, dict) and len(row["NIK"]) == 16}
    for resident in Resident.objects.filter(listed=True).select_related("household"):
        row = rows.pop(resident.nik)
        gone = row["NO_KAB"] != "75"
        assert {
            "NO_KK": resident.household.kk_number,
            "NAMA_LGKP": resident.name,
            "JENIS_KLMIN": str(resident.sex),
            "TMPT_LHR": resident.birth_place,
            "TGL_LHR": str(resident.birth_date),
            "STAT_HBKEL": str(resident.relation),
            "STAT_KWN": str(resident.marital_status),
            "NIK_IBU": resident.mother_nik,
            "TGL_DATANG": str(resident.resident_since),
            "FLAG_EKTP": str(int(resident.ektp_recorded)),
            "FLAG_STATUS": str(resident.status),
            "TGL_STATUS": str(resident.status_on or ""),
            "kelurahan": resident.kelurahan_id,
        } == {name: row[name] for name in row if name in COMPARED} | {
            "kelurahan": None if gone else f"32.75.{int(row['NO_KEC']):02}.{row['NO_KEL']}"
        }
    assert rows == {}
    assert not Household.objects.filter(dissolved_on__isnull=False, residents__status=0).exists()


COMPARED = {
    "NO_KK",
    "NAMA_LGKP",
    "JENIS_KLMIN",
    "TMPT_LHR",
    "TGL_LHR",
    "STAT_HBKEL",
    "STAT_KWN",
    "NIK_IBU",
    "TGL_DATANG",
    "FLAG_EKTP",
    "FLAG_STATUS",
    "TGL_STATUS",
}


@pytest.mark.parametrize("size", [3, 300])
def test_a_night_takes_the_same_statements_for_every_number_of_people(tmp_path, query_count, size):
    rows = people(size)
    take(tmp_path, rows)
    with query_count("participants.sync_registry"):
        take(
            tmp_path,
            [*(row | {"FLAG_EKTP": "0"} for row in rows[: size // 100]), *rows[size // 100 :], "rubbish"],
            day=NEXT,
        )


# The command


def test_the_command_tells_a_machine_the_counters_by_name(tmp_path, capsys):
    path = write(tmp_path, [*people(2), "rubbish"])
    call_command("sync_registry", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["state"] == "APPLIED"
    assert told["run"] == SyncRun.objects.get().pk
    assert told | {"read": 3, "added": 2, "quarantined": 1, "quarantined_by_reason": {"COLUMN_COUNT": 1}} == told
    names = {"read", "unchanged", "added", "changed", "died", "moved_in", "moved_out", "gone", "quarantined"}
    assert names <= set(told)


def test_the_command_ends_with_1_and_the_sentence_of_a_refusal(tmp_path):
    path = write(tmp_path, ["x"], header="NIK")
    with pytest.raises(CommandError, match="NO_KK") as caught:
        call_command("sync_registry", str(path))
    assert caught.value.returncode == 1


@pytest.mark.parametrize("arguments", [[], ["x.csv", "--approve", "1"], ["nothing-there.csv"], ["--approve", "1"]])
def test_wrong_use_of_the_command_ends_with_2(arguments):
    with pytest.raises(CommandError) as caught:
        call_command("sync_registry", *arguments)
    assert caught.value.returncode == 2
