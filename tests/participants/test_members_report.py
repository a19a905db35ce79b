"""Each run of a legacy list leaves a report: counts, first line numbers, what to do; a dry run the same one."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from facilities.enums import Role
from participants.enums import ResidentStatus
from participants.members_import import import_members
from participants.members_report import SAMPLES, LineReason, Remark, label_of
from participants.models import Enrolment, MembersImport
from tests.factories import NOW, TODAY, make_household, make_resident, make_user
from tests.participants.factories import clerk, keeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(tmp_path):
    """A list of four known families, one of them dissolved and one whose people are gone, and two bad lines."""
    households = [make_household() for _ in range(4)]
    for household in households:
        make_resident(household)
    gone = households[2].residents.get()
    type(gone).objects.filter(pk=gone.pk).update(status=ResidentStatus.MOVED_OUT)
    type(households[3]).objects.filter(pk=households[3].pk).update(dissolved_on=datetime.date(2026, 1, 1))
    cards = ("KS1", "", "KS3", "KS4")
    rows = [f"{h.kk_number};{card};2018-07-26;AKTIF" for h, card in zip(households, cards, strict=True)]
    rows += ["123;;2018-07-26;AKTIF", f"{households[0].kk_number};;2018-07-26;AKTIF"]
    path = tmp_path / "lama.csv"
    path.write_text("NO_KK;NO_KARTU;TGL_DAFTAR;STATUS\n" + "\n".join(rows) + "\n")
    return path


def run(path, *, dry_run=False):
    return import_members(path=path, actor=None, at=NOW, on=TODAY, dry_run=dry_run)


FOUND = {
    "KK_FORMAT": (1, [6]),
    "KK_REPEATED": (1, [7]),
    "NO_CARD": (1, [3]),
    "NOBODY_HERE": (1, [4]),
    "DISSOLVED": (1, [5]),
}


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_run_counts_each_finding_with_its_first_lines_a_dry_one_too(listed, dry_run):
    result = run(listed, dry_run=dry_run)
    report = MembersImport.objects.get()
    assert result.report == report
    assert {f["code"]: (f["count"], f["lines"]) for f in report.findings} == FOUND
    assert (report.added, report.refused, report.dry_run) == (4, 2, dry_run)
    assert Enrolment.objects.count() == (0 if dry_run else 4)


def test_a_second_run_remarks_the_same_and_adds_nothing(listed):
    run(listed)
    run(listed)
    second = MembersImport.objects.order_by("pk").last()
    assert (second.added, second.unchanged, second.refused) == (0, 4, 2)
    assert {f["code"] for f in second.findings} == set(FOUND)


def test_the_report_keeps_a_bounded_number_of_lines(tmp_path):
    path = tmp_path / "buruk.csv"
    path.write_text("NO_KK;NO_KARTU;TGL_DAFTAR;STATUS\n" + "12;;2018-07-26;AKTIF\n" * (SAMPLES + 5))
    finding = run(path).findings[0]
    assert (finding["count"], len(finding["lines"])) == (SAMPLES + 5, SAMPLES)


def test_the_report_and_its_file_hold_no_number_of_a_family(listed, settings):
    run(listed)
    report = MembersImport.objects.get()
    kept = (settings.MEDIA_ROOT / report.path).read_text(encoding="utf-8-sig") + str(report.findings)
    assert "6;KK_FORMAT" in kept
    assert not [kk for kk in Enrolment.objects.values_list("household__kk_number", flat=True) if kk in kept]


def test_every_finding_says_what_to_do():
    for code in (*LineReason.values, *Remark.values):
        assert len(str(label_of(code))) > 20


def test_the_command_prints_the_remarks(listed):
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_members", str(listed), stdout=out)
    assert "NOBODY_HERE" in out.getvalue()


def test_dinkes_reads_the_report_and_takes_the_refused_lines_along(client, listed):
    run(listed)
    report = MembersImport.objects.get()
    client.force_login(keeper())
    assert "lama.csv" in client.get(reverse("participants:imports")).content.decode()
    page = client.get(reverse("participants:import_report", args=[report.public_id])).content.decode()
    assert "NOBODY_HERE" in page
    response = client.get(reverse("participants:import_lines", args=[report.public_id]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"KK_REPEATED" in response.content


def test_a_run_without_refused_lines_has_no_file_of_them(client, tmp_path):
    path = tmp_path / "baik.csv"
    path.write_text("NO_KK;NO_KARTU;TGL_DAFTAR;STATUS\n")
    run(path)
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    report = MembersImport.objects.get()
    assert client.get(reverse("participants:import_report", args=[report.public_id])).status_code == 200
    assert client.get(reverse("participants:import_lines", args=[report.public_id])).status_code == 404


def test_the_counter_does_not_read_the_reports(client):
    client.force_login(clerk())
    assert client.get(reverse("participants:imports")).status_code == 403
