"""Biller, director and Dinkes in the browser, narrow and without JavaScript: a batch signed and returned, prices, the money."""

import pytest
import time_machine
from django.urls import reverse

from claims.models import ClaimBatch
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(c.AT, tick=True):
        yield


def press(page, selector):
    """Click and wait for the page it leads to, its styles included."""
    with page.expect_navigation(wait_until="load"):
        page.click(selector)


def go(page, name, batch, audit):
    page.goto(reverse(f"claims:{name}", args=[batch.public_id]))
    audit(page)


def walk(page, sign_in, audit):
    biller, director = c.biller(), c.director()
    officer = f.make_user("DINKES_CLAIMS")
    batch = c.take([c.row(c.letter()), c.row(c.letter())], actor=biller).batch
    sign_in(page, biller)
    go(page, "submit", batch, audit)
    press(page, "main form button")
    sign_in(page, director)
    page.goto(reverse("claims:batches"))
    press(page, f"a[href='{reverse('claims:batch', args=[batch.public_id])}']")
    press(page, "a[href$='/sign/']")
    audit(page)
    press(page, "[name=send_back]")
    audit(page)
    press(page, "[name=sign]")
    sign_in(page, officer)
    go(page, "completeness", batch, audit)
    page.fill("[name=incomplete]", "9")
    page.fill("[name=lacking]", "Baris 2: resume medis belum ditandatangani DPJP")
    press(page, "[name=return]")
    audit(page)
    page.fill("[name=incomplete]", "1")
    press(page, "[name=return]")
    audit(page)
    sign_in(page, biller)
    go(page, "batch", batch, audit)
    page.goto(reverse("reports:hospital_money"))
    audit(page)
    return ClaimBatch.objects.get()


def test_a_batch_is_signed_and_returned_on_a_narrow_screen_without_javascript(page_without_javascript, sign_in, audit):
    page = page_without_javascript
    page.set_viewport_size({"width": 390, "height": 900})
    batch = walk(page, sign_in, audit)
    assert (batch.state, batch.completeness_checks.get().incomplete) == ("OPEN", 1)


def test_prices_are_proposed_looked_up_and_the_money_is_found(page, sign_in, audit, tmp_path):
    file = tmp_path / "harga.csv"
    file.write_text("kode,nama,satuan,harga,jumlah_maksimum\nB01,Cefotaxime inj,vial,15000,20\nB02,Kasa,,tiga,\n")
    sign_in(page, f.make_user("DINKES_SERVICES"))
    page.goto(reverse("facilities:new_price_table"))
    audit(page)
    page.select_option("[name=kind]", "FORMULARY")
    page.fill("[name=source]", "SK Direktur 7/2026")
    page.fill("[name=valid_from]", "01/11/2026")
    page.set_input_files("[name=file]", file)
    press(page, "main form button")
    audit(page)
    sign_in(page, f.make_user("DINKES_CLAIMS"))
    page.goto(reverse("facilities:price_tables"))
    audit(page)
    press(page, ".k-list a")
    press(page, "form[action$='/setujui/'] button")
    biller = c.biller()
    batch = c.take([c.row(c.letter()), c.row(c.letter())], actor=biller).batch
    c.hand_in(batch, actor=biller)
    sign_in(page, biller)
    page.goto(reverse("facilities:prices"))
    page.fill("[name=code]", "B0")
    press(page, "main form button")
    audit(page)
    assert "15.000" in page.content()
    page.goto(reverse("reports:hospital_money"))
    audit(page)
    assert batch.number in page.content()
