"""The legacy membership list: every good line in, every other with its reason, and never twice."""

import datetime
import io
import json

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from ksb.core.errors import Refused
from ksb.core.models import JournalEntry
from participants.enums import CardState, Channel, EnrolmentState
from participants.members_import import LineReason, import_members, parse_day
from participants.models import Card, Enrolment
from tests.factories import NOW, TODAY, make_family, make_household, system

HEADER = "NO_KK;NO_KARTU;TGL_DAFTAR;STATUS"

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    """``run(line, ...)`` imports a file with these lines below the header."""

    def run(*lines, header=HEADER, dry_run=False):
        path = tmp_path / "anggota.csv"
        path.write_text("\n".join([header, *lines]) + "\n")
        return import_members(path=path, actor=None, at=NOW, on=TODAY, dry_run=dry_run)

    return run


def line(household, card="", day="2018-07-26", status="AKTIF"):
    return f"{household.kk_number};{card};{day};{status}"


def apply_at_counter(household, state, **values):
    return Enrolment.objects.create(
        household=household, channel=Channel.COUNTER, state=state, created_by=system(), **values
    )


def refusals(result):
    return [(number, reason.value) for number, reason in result.lines]


def test_each_status_becomes_its_state_with_the_day_of_registration(run):
    active, suspended, ended = make_household(), make_household(), make_household()
    result = run(line(active), line(suspended, status="ditangguhkan"), line(ended, status=" NONAKTIF "))
    assert (result.added, result.unchanged, result.refused, result.cards) == (3, 0, 0, 0)
    for household, state in (
        (active, EnrolmentState.ACTIVE),
        (suspended, EnrolmentState.SUSPENDED),
        (ended, EnrolmentState.ENDED),
    ):
        enrolment = household.enrolments.get()
        assert (enrolment.state, enrolment.channel) == (state, Channel.LEGACY)
        assert enrolment.registered_on == datetime.date(2018, 7, 26)
        assert enrolment.created_by == system()
        assert enrolment.created_at == NOW


def test_a_card_number_records_a_live_card_and_that_of_an_ended_family_a_revoked_one(run):
    active, ended = make_household(), make_household()
    result = run(line(active, card="ks 0000000017"), line(ended, card="KS0000000018", status="NONAKTIF"))
    assert result.cards == 2
    card = active.cards.get()
    assert (card.number, card.state, card.issued_on) == ("KS0000000017", CardState.ACTIVE, datetime.date(2018, 7, 26))
    assert card.enrolment == active.enrolments.get()
    assert len(card.token) == 22
    assert ended.cards.get().state == CardState.REVOKED


def test_tokens_of_imported_cards_are_all_different_and_safe_in_an_address(run):
    households = [make_household() for _ in range(50)]
    run(*(line(household, card=f"A{household.pk}") for household in households))
    tokens = set(Card.objects.order_by("pk").values_list("token", flat=True))
    assert len(tokens) == 50
    assert all(token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_running_the_same_file_again_says_unchanged_and_changes_nothing(run):
    first, second = make_household(), make_household()
    lines = [line(first, card="KS0000000001"), line(second, status="NONAKTIF")]
    run(*lines)
    before = list(Enrolment.objects.order_by("pk").values()), list(Card.objects.order_by("pk").values())
    again = run(*lines)
    assert (again.added, again.unchanged, again.refused) == (0, 2, 0)
    assert before == (list(Enrolment.objects.order_by("pk").values()), list(Card.objects.order_by("pk").values()))


def test_a_line_stays_unchanged_after_the_office_has_moved_the_family_on(run):
    household = make_household()
    run(line(household))
    household.enrolments.update(state=EnrolmentState.SUSPENDED)
    assert run(line(household)).unchanged == 1
    assert household.enrolments.get().state == EnrolmentState.SUSPENDED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("327501010100001;;2018-07-26;AKTIF", LineReason.KK_FORMAT),
        ("32750101010000AB;;2018-07-26;AKTIF", LineReason.KK_FORMAT),
        (";;2018-07-26;AKTIF", LineReason.KK_FORMAT),
        ("3.27501E+15;;2018-07-26;AKTIF", LineReason.KK_ROUNDED),
        ("3275990101000001;;2018-07-26;AKTIF", LineReason.KK_UNKNOWN),
        ("KK;;07/26/2018;AKTIF", LineReason.DATE_FORMAT),
        ("KK;;;AKTIF", LineReason.DATE_FORMAT),
        ("KK;;1918-07-26;AKTIF", LineReason.DATE_FORMAT),
        ("KK;;2026-11-23;AKTIF", LineReason.DATE_FUTURE),
        ("KK;;2018-07-26;HIDUP", LineReason.STATUS_UNKNOWN),
        ("KK;;2018-07-26;", LineReason.STATUS_UNKNOWN),
        ("KK;KARTU*1;2018-07-26;AKTIF", LineReason.CARD_FORMAT),
        ("KK;012345678901234567890;2018-07-26;AKTIF", LineReason.CARD_FORMAT),
    ],
)
def test_a_bad_line_is_refused_with_its_number_and_reason_and_the_good_ones_go_in(run, text, reason):
    household, good = make_household(), make_household()
    result = run(line(good), text.replace("KK;", f"{household.kk_number};", 1))
    assert refusals(result) == [(3, reason.value)]
    assert result.reasons == {reason.value: 1}
    assert result.added == 1
    assert not household.enrolments.exists()


def test_of_lines_with_the_same_family_the_first_good_one_counts(run):
    household = make_household()
    result = run(line(household, day="tidak tahu"), line(household), line(household, status="NONAKTIF"))
    assert refusals(result) == [(2, "DATE_FORMAT"), (4, "KK_REPEATED")]
    assert household.enrolments.get().state == EnrolmentState.ACTIVE


def test_a_card_number_belongs_to_one_family(run):
    first, second, third, owner = (make_household() for _ in range(4))
    Card.objects.create(household=owner, number="KS0000000009", created_by=system())
    result = run(line(first, card="A1"), line(second, card="A1"), line(third, card="KS0000000009"))
    assert refusals(result) == [(3, "CARD_REPEATED"), (4, "CARD_TAKEN")]
    assert not second.enrolments.exists()


def test_a_family_registered_otherwise_or_with_other_data_is_refused(run):
    counter, legacy = make_household(), make_household()
    apply_at_counter(counter, EnrolmentState.SUBMITTED)
    run(line(legacy))
    result = run(line(counter), line(legacy, day="2019-01-01"))
    assert refusals(result) == [(2, "KK_ENROLLED"), (3, "KK_ENROLLED")]
    assert Enrolment.objects.count() == 2


def test_a_family_whose_application_was_rejected_can_still_be_on_the_list(run):
    household = make_household()
    apply_at_counter(household, EnrolmentState.REJECTED, reason_code="OWN_REQUEST")
    assert run(line(household)).added == 1


def test_a_dry_run_judges_everything_and_changes_nothing(run):
    household = make_household()
    result = run(line(household, card="A1"), "x;;;", dry_run=True)
    assert (result.added, result.cards, result.refused) == (1, 1, 1)
    assert not Enrolment.objects.exists()
    assert not JournalEntry.objects.filter(verb="members.imported").exists()


def test_the_journal_holds_the_counters_and_no_number_of_a_family(run):
    household = make_household()
    run(line(household))
    entry = JournalEntry.objects.get(verb="members.imported")
    assert entry.data == {"file": "anggota.csv", "added": 1, "unchanged": 0, "refused": 0, "cards": 0}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_usual_delimiter_any_order_of_columns_and_extra_columns(run, delimiter):
    household = make_household()
    header = delimiter.join(["STATUS", "nama", "TGL_DAFTAR", "NO_KK", "No Kartu"])
    text = delimiter.join(["AKTIF", "Budi", "26/07/2018", f"'{household.kk_number}", ""])
    assert run(text, header=header).added == 1


@pytest.mark.parametrize(
    "number", ["3275 0101 0100 0001", "'3275010101000001", "3275.0101.0100.0001", "3275010101000001 "]
)
def test_spaces_dots_and_apostrophes_around_a_family_number_do_not_matter(run, number):
    make_household(kk_number="3275010101000001")
    assert run(f"{number};;2018-07-26;AKTIF").added == 1


def test_a_spreadsheet_is_read_with_its_dates_and_its_rounded_numbers_are_refused(tmp_path):
    good, rounded = make_household(), make_household()
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(";"))
    book.active.append([good.kk_number, "A1", datetime.date(2018, 7, 26), "AKTIF"])
    book.active.append([int(rounded.kk_number), None, datetime.date(2018, 7, 26), "AKTIF"])
    book.active.append([None, None, None, None])
    path = tmp_path / "anggota.xlsx"
    book.save(path)
    result = import_members(path=path, actor=None, at=NOW, on=TODAY)
    assert (result.added, refusals(result)) == (1, [(3, "KK_ROUNDED")])
    assert good.enrolments.get().registered_on == datetime.date(2018, 7, 26)


@pytest.mark.parametrize(
    "text",
    [
        "2018-07-26",
        "2018/7/26",
        "26-07-2018",
        "26/7/2018",
        "26.07.2018",
        "26 Juli 2018",
        "26-Jul-2018",
        "20180726",
        "43307",
        "2018-07-26 00:00:00",
    ],
)
def test_days_as_offices_write_them(text):
    assert parse_day(text) == datetime.date(2018, 7, 26)


@pytest.mark.parametrize(
    "text", ["", "0000-00-00", "31-02-2018", "07/26/2018", "26 J 2018", "kemarin", "1e5", "99999", "٢٦-٠٧-٢٠١٨"]
)
def test_what_is_no_day(text):
    assert parse_day(text) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"NO_KK;TGL_DAFTAR;STATUS\n", "no_kartu"),
        (b"", "anggota.csv"),
        (HEADER.encode() + b"\n\xff\xfe\xfa;;2018-07-26;AKTIF\n", "UTF-8"),
        (HEADER.encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path, content, words):
    path = tmp_path / "anggota.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        import_members(path=path, actor=None, at=NOW, on=TODAY)
    assert words in refusal.value.message


def test_zero_bytes_and_tabs_in_a_cell_do_no_harm(tmp_path):
    path = tmp_path / "anggota.csv"
    path.write_bytes(HEADER.encode() + b"\n3275\x000101;\\N;2018\t-07;AK\\TIF\n")
    assert refusals(import_members(path=path, actor=None, at=NOW, on=TODAY)) == [(2, "KK_FORMAT")]


def test_the_imported_family_is_covered_afterwards(run):
    from participants.eligibility import evaluate
    from tests.factories import fresh_sources

    household = make_family()
    fresh_sources()
    run(line(household, card="KS0000000001"))
    assert evaluate(household.head, on=TODAY, at=NOW).covered


def test_the_command_answers_programs_and_ends_with_1_when_lines_were_refused(tmp_path):
    household = make_household()
    path = tmp_path / "anggota.csv"
    path.write_text(f"{HEADER}\n{line(household)}\nx;;;\n")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_members", str(path), "--json", stdout=out)
    assert ended.value.code == 1
    answer = json.loads(out.getvalue())
    assert (answer["added"], answer["unchanged"], answer["refused"]) == (1, 0, 1)
    assert answer["refused_by_reason"] == {"KK_FORMAT": 1}
    assert answer["lines"][0]["line"] == 3
    out = io.StringIO()
    path.write_text(f"{HEADER}\n{line(household)}\n")
    call_command("import_members", str(path), stdout=out)
    assert "unchanged         1" in out.getvalue()


def test_the_command_says_when_the_file_does_not_exist(tmp_path):
    with pytest.raises(CommandError) as error:
        call_command("import_members", str(tmp_path / "nowhere.csv"))
    assert error.value.returncode == 2
