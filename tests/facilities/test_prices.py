"""Tables of prices: refused line by line, proposed by one person, in force once another has approved them (domain.md G3.8)."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities import prices
from facilities.models import PriceItem, PriceTable, Tariff
from ksb.core.errors import NotAllowed, Refused, WrongState
from tests import factories as f
from tests.facilities.factories import price_table

pytestmark = pytest.mark.django_db
FROM = datetime.date(2026, 12, 1)
HEADER = "kode_ina_cbg,deskripsi,regional,kelas_rs,tipe_rs,jenis_rawat,tarif_kelas_1,tarif_kelas_2,tarif_kelas_3"
GROUP = "K-4-17-I"


@pytest.fixture
def proposer():
    return f.make_user("DINKES_SERVICES")


@pytest.fixture
def table(tmp_path, proposer):
    lines = [
        f"{GROUP},Nyeri abdomen,1,C,Swasta,1,0,0,2.000.000",
        "X,Uji,1,C,Milik,1,3,2,1",
        "Y,Uji,1,C,Swasta,1,tiga,2,1",
    ]
    return price_table(lines, header=HEADER, kind="TARIFF", proposer=proposer, valid_from=FROM)


def price(day):
    return Tariff.objects.in_force(day).get(code=GROUP, tariff_code="CS", care_class=3).amount


def test_wrong_lines_are_refused_one_by_one_with_their_reason(table):
    assert (table.lines, table.prices, table.refused) == (3, 1, 2)
    assert [line for line, _why in table.refusals] == [3, 4]
    assert "MILIK" in table.refusals[0][1]
    assert "tiga" in table.refusals[1][1]


def test_G3_8_a_table_holds_from_its_day_once_a_second_person_has_approved_it(table, proposer):
    before = price(FROM)
    assert before != 2_000_000
    with pytest.raises(NotAllowed):
        prices.approve(table=table, actor=proposer, at=f.NOW)
    with pytest.raises(NotAllowed):
        prices.approve(table=table, actor=f.make_user("TREASURER"), at=f.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceTable.objects.filter(pk=table.pk).update(approved_at=f.NOW, approved_by=proposer)
    prices.approve(table=table, actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)
    assert price(FROM) == 2_000_000
    assert price(FROM - datetime.timedelta(days=1)) == before
    with pytest.raises(WrongState):
        prices.reject(table=table, actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)


def test_a_rejected_table_leaves_no_price_and_makes_room_for_another(table):
    before = price(FROM)
    with pytest.raises(Refused):
        price_table([f"{GROUP},Uji,1,C,Swasta,1,0,0,1"], header=HEADER, kind="TARIFF")
    prices.reject(table=table, actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)
    assert price(FROM) == before
    assert not table.tariffs.exists()
    assert price_table([f"{GROUP},Uji,1,C,Swasta,1,0,0,1"], header=HEADER, kind="TARIFF").waits


def test_a_second_table_of_the_same_day_is_refused_at_its_approval(table):
    decider = f.make_user("DINKES_CLAIMS")
    prices.approve(table=table, actor=decider, at=f.NOW)
    second = price_table([f"{GROUP},Uji,1,C,Swasta,1,0,0,1"], header=HEADER, kind="TARIFF", valid_from=FROM)
    with pytest.raises(Refused, match=GROUP):
        prices.approve(table=second, actor=decider, at=f.NOW)


def test_items_have_a_highest_price_and_quantity_by_day():
    first = price_table(["B01,Cefotaxime,vial,15000,20", "B01,Lagi,vial,1,1", "B02,Kasa,,0,"], valid_from=f.TODAY)
    assert (first.prices, first.refused) == (1, 2)
    prices.approve(table=first, actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)
    second = price_table(["B01,Cefotaxime,vial,16.000,"], valid_from=FROM)
    prices.approve(table=second, actor=f.make_user("DINKES_CLAIMS"), at=f.NOW)
    found = [PriceItem.objects.in_force(day).get(code="B01") for day in (f.TODAY, FROM)]
    assert [(one.max_price, one.max_quantity) for one in found] == [(15_000, 20), (16_000, None)]


def test_a_table_without_a_right_line_is_refused():
    with pytest.raises(Refused):
        price_table(["B01,Uji,vial,x,"])


def test_the_command_proposes_and_counts(tmp_path, capsys):
    file = tmp_path / "harga.csv"
    file.write_text("kode,nama,satuan,harga\nHD,Hemodialisis,sesi,950000\nHX,Uji,sesi,-1\n")
    given = (str(file), "--kind=SESSION", f"--from={FROM}", "--source=Perda 1/2026")
    call_command("load_tariffs", *given, "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["refused"] == 1
    assert not PriceTable.objects.exists()
    call_command("load_tariffs", *given)
    assert PriceTable.objects.get().waits
    with pytest.raises(CommandError):
        call_command("load_tariffs", *given)


def test_a_table_goes_over_the_screens(client, proposer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client.force_login(proposer)
    values = {"kind": "SESSION", "source": "Perda 1/2026", "valid_from": "01/12/2026"}
    file = SimpleUploadedFile("harga.csv", b"code,name,unit,max_price\nHD,Hemodialisis,sesi,950000\n")
    answer = client.post(reverse("facilities:new_price_table"), {**values, "file": file})
    table = PriceTable.objects.get()
    page = reverse("facilities:price_table", args=[table.public_id])
    assert answer.headers["Location"] == page
    assert client.post(reverse("facilities:approve_prices", args=[table.public_id])).status_code == 403
    client.force_login(f.make_user("DINKES_CLAIMS"))
    assert client.post(reverse("facilities:approve_prices", args=[table.public_id])).status_code == 302
    assert client.post(reverse("facilities:reject_prices", args=[table.public_id])).status_code == 409
    assert "950.000" in client.get(page).content.decode()
    client.force_login(f.make_user("HOSPITAL_BILLER"))
    shown = client.get(reverse("facilities:prices"), {"code": "hd", "day": "02/12/2026"}).content.decode()
    assert "950.000" in shown
    assert (
        "950.000" not in client.get(reverse("facilities:prices"), {"code": "hd", "day": "30/11/2026"}).content.decode()
    )
    assert client.get(reverse("facilities:prices"), {"code": "K-4", "day": "x"}).status_code == 200
