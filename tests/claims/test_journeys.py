"""The billing officer in the browser: wide and narrow, with and without JavaScript. Every page quiet and accessible."""

import pytest
import time_machine
from django.urls import reverse

from claims.models import Claim, ClaimBatch
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(c.AT, tick=True):
        yield


@pytest.fixture
def month(tmp_path):
    """A hospital's file and the person who hands it in: a sound row, a question, a wrong class, no SJP number, a broken row."""
    place = c.hospital()
    sjps = [c.letter(f.make_resident(name=name)) for name in ("BUDI SANTOSO", "SITI AMINAH", "JOKO", "RINA", "DEWI")]
    rows = [
        c.row(sjps[0]),
        c.row(sjps[1], SEX="2"),
        c.row(sjps[2], KELAS_RAWAT="1", DIAGLIST="O21.0"),
        c.row(sjps[3], SEP="3216174ICC26100001"),
        c.row(sjps[4], TARIF_RS="1,8E+06", SEX="x"),
    ]
    file = tmp_path / "oktober.txt"
    file.write_text(c.text(rows))
    return place, c.biller(place), file, sjps


def press(page, selector):
    """Click and wait for the page it leads to, its styles included."""
    with page.expect_navigation(wait_until="load"):
        page.click(selector)


def go_through(page, sign_in, audit, month):
    """Hand in, look at every group, link an SJP, submit, look at a claim."""
    _place, biller, file, sjps = month
    sign_in(page, biller)
    page.goto(reverse("claims:batches"))
    audit(page)
    press(page, f"a[href='{reverse('claims:hand_in')}']")
    page.set_input_files("input[type=file]", file)
    audit(page)
    press(page, "button[name=check]")
    assert page.locator("article").count() == 4
    audit(page)
    assert not ClaimBatch.objects.exists()
    page.set_input_files("input[type=file]", file)
    press(page, "button[name=hand_in]")
    batch = ClaimBatch.objects.get()
    for part in ("questions", "blocked", "refused", "clean"):
        press(page, f"a[href='?part={part}']")
        audit(page)
    claim = Claim.objects.get(reference="3216174ICC26100001")
    page.goto(reverse("claims:claim", args=[claim.public_id]))
    audit(page)
    page.fill("#id_sjp_number", "123")
    press(page, "form[action$='/link/'] button")
    audit(page)
    page.fill("#id_sjp_number", sjps[3].number)
    press(page, "form[action$='/link/'] button")
    claim.refresh_from_db()
    assert claim.state == "READY"
    page.goto(reverse("claims:batch", args=[batch.public_id]))
    press(page, "a[href$='/submit/']")
    audit(page)
    press(page, "main form button")
    batch.refresh_from_db()
    assert (batch.state, batch.claims.filter(state="SUBMITTED").count()) == ("TO_SIGN", 3)
    audit(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_month_from_the_file_to_the_verifiers(page, sign_in, audit, month, width):
    page.set_viewport_size({"width": width, "height": 900})
    go_through(page, sign_in, audit, month)


def test_a_month_without_javascript(page_without_javascript, sign_in, audit, month):
    go_through(page_without_javascript, sign_in, audit, month)
