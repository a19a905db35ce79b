"""Rows of the newest BPJS list that lost their NIK, about people who get letters; later somebody finds out who they are.

So the demonstration has rows to review, letters flagged afterwards, and leakage that nobody could know of.
"""

import csv
import itertools
import shutil

from facilities.models import User
from participants.enums import JknAnswer
from participants.jkn import review
from participants.models import JknCandidate, Resident

EVERY, MOST = 12, 40
FIRST_CARD = 7_000_000_000_000
MEMBER = {"NIK": "", "JENISPESERTA": "13", "KDSTATUSPST": "0", "TMT": "2024-01-01", "TAT": ""}


def with_lost_niks(lists, demands):
    """``lists`` with the newest BPJS list replaced by a copy that has some rows more. The made files stay as they are."""
    newest = max((path for path in lists if path.name.startswith("bpjs")), default=None)
    if newest is None:
        return lists
    copy = newest.parent / "questions" / newest.name
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(newest, copy)
    with copy.open(encoding="utf-8", newline="") as text:
        columns = next(csv.reader(text))
    with copy.open("a", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
        for number, person in enumerate(_people(demands)):
            names = {"PSNOKA": f"{FIRST_CARD + number:013}", "NAMA": person.name, "TGLLHR": f"{person.birth_date}"}
            writer.writerow(MEMBER | names)
    return [copy if path == newest else path for path in lists]


def _people(demands):
    """Every twelfth person somebody asks a letter for."""
    niks = []
    for path in demands:
        with path.open(encoding="utf-8", newline="") as file:
            niks += [row["NIK"] for row in itertools.islice(csv.DictReader(file), 0, None, EVERY)]
    return Resident.objects.filter(nik__in=niks[:MOST]).order_by("pk")


def judge(*, at):
    """Three of four rows with one candidate are found to be that person; the rest waits for the guest of the demonstration."""
    reviewer = User.objects.get(username="dinkes.peserta")
    rows = JknCandidate.objects.filter(answer="", resident__isnull=False).select_related("resident").order_by("pk")
    for number, row in enumerate(rows):
        if number % 4:
            review.decide(row=row, answer=JknAnswer.SAME, resident=row.resident, actor=reviewer, at=at)
