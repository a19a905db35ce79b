"""The whole line once, on real input, in the browser: registry, family, letter, hospital, claim, decision, payment, dashboard.

One family of a generated city walks through it: enrolled at the counter, sent to the RSUD, claimed, verified, paid, and at
the end it looks itself up on a phone without JavaScript. Every page is quiet, accessible and narrow enough. Every officer does
it twice: at a desk, and at 390 px with JavaScript off.
"""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from budget.models import BudgetLine, Payment
from claims.models import Claim, ClaimBatch
from facilities.models import User
from ksb.core import outbox
from ksb.demo.people import create_demo
from participants.eligibility import city
from participants.models import Card, Enrolment, PrintBatch, Resident
from referrals.models import Sjp
from reports.rollup import roll_up
from tests import factories as f
from tests.claims import factories as c
from tests.verification.factories import unsampled

pytestmark = pytest.mark.django_db(transaction=True)

BUTTON = "main form button"
ADJUSTED = 10_000
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def people(tmp_path):
    """A city made as files and loaded through the real doors, and demo people for every role; its example people."""
    folder = tmp_path / "city"
    call_command("make_city", residents=4000, seed=7, out=folder, on=f.TODAY, verbosity=0)
    for snapshot in sorted(folder.glob("registry-*.csv")):
        call_command("sync_registry", str(snapshot), verbosity=0)
    lists = sorted([*folder.glob("pbi-*.csv"), *folder.glob("bpjs-*.csv")])
    call_command("sync_jkn", *map(str, lists), verbosity=0)
    with pytest.raises(SystemExit):  # the list holds wrong lines on purpose
        call_command("import_members", str(folder / "members.csv"), verbosity=0)
    create_demo(at=timezone.now())
    city.reevaluate(on=f.TODAY, at=timezone.now())
    return json.loads((folder / "truth.json").read_text())["people"]


class Line:
    """The browser in the hands of one demo person after another."""

    def __init__(self, page, sign_in, audit, *, scripted):
        self.page, self.sign_in, self.audit, self.scripted = page, sign_in, audit, scripted

    def as_(self, username, name, *args):
        self.sign_in(self.page, User.objects.get(username=username))
        self.page.goto(reverse(name, args=args))
        self.audit(self.page)

    def follow(self, name, *args):
        self.page.locator(f"main a[href='{reverse(name, args=args)}']").first.click()
        self.page.wait_for_url(f"**{reverse(name, args=args)}*")
        self.audit(self.page)

    def fill(self, **values):
        for name, value in values.items():
            self.page.fill(f"[name={name}]", value)

    def check(self, *names):
        for name in names:
            self.page.check(f"[name={name}]")

    def press(self, selector=BUTTON):
        self.page.locator(selector).last.click()
        self.page.wait_for_load_state()
        self.audit(self.page)


@pytest.fixture(params=["desk", "phone-without-javascript"])
def line(request, page, page_without_javascript, sign_in, audit):
    if request.param == "desk":
        return Line(page, sign_in, audit, scripted=True)
    page_without_javascript.set_viewport_size(PHONE)
    return Line(page_without_javascript, sign_in, audit, scripted=False)


def test_the_whole_line_once(people, line, page_without_javascript, audit):
    family = people["not_enrolled"]
    head = Resident.objects.get(nik=family["head_nik"])
    household = head.household

    enrol(line, household)
    sjp = write_letter(line, head)
    treat(line, sjp)
    batch = claim(line, sjp)
    approved = verify(line, batch)
    pay(line, batch)

    roll_up(day=f.TODAY)
    line.as_("bapeda", "reports:dashboard")
    assert "Rp" in line.page.inner_text("main")
    budget = BudgetLine.objects.get(for_public=True)
    assert (budget.realised, budget.committed, budget.reserved) == (approved, approved, 0)

    look_up_own_family(page_without_javascript, audit, household, head)


def enrol(line, household):
    line.as_("pendaftaran", "participants:families")
    line.fill(number=household.kk_number)
    line.press()
    line.follow("participants:apply", household.public_id)
    line.check("kk", "ktp", "identity", "consent")
    line.fill(phone="0812 3456 7890")
    line.press()
    application = Enrolment.objects.get(household=household)
    line.as_("verifikator.peserta", "participants:compare", application.public_id)
    line.press("[name=pass]")
    line.as_("dinkes.peserta", "participants:application", application.public_id)
    line.check("checked")
    line.press(f"form[action='{reverse('participants:approve', args=[application.public_id])}'] button >> nth=0")
    card = Card.objects.get(household=household)
    print_card(line, card)
    line.as_("dinkes.peserta", "participants:hand_over", card.public_id)
    line.page.locator("[name=receiver]").first.check()
    line.fill(nik=household.head.nik)
    line.press()
    card.refresh_from_db()
    assert card.state == "ACTIVE"


def print_card(line, card):
    place = card.household.kelurahan.parent_id
    line.as_("dinkes.peserta", "participants:blanks")
    line.page.select_option("[name=place]", place)
    line.page.check("[name=act][value=RECEIVED]")
    line.fill(serial_first="1", serial_last="10")
    line.press()
    line.as_("dinkes.peserta", "participants:print_batches")
    preparing = f"form[action='{reverse('participants:prepare_batch')}']"
    line.page.select_option(f"{preparing} [name=place]", place)
    line.press(f"{preparing} button")
    batch = PrintBatch.objects.get()
    line.as_("dinkes.kartu", "participants:print_batch", batch.public_id)
    line.press(f"form[action='{reverse('participants:approve_batch', args=[batch.public_id])}'] button")
    outbox.drain()
    line.as_("dinkes.peserta", "participants:print_batch", batch.public_id)
    line.press(f"form[action='{reverse('participants:send_batch', args=[batch.public_id])}'] button")
    line.follow("participants:batch_printed", batch.public_id)
    line.fill(serial_first="1", serial_last="1")
    line.press()
    line.as_("pendaftaran", "participants:print_batch", batch.public_id)
    line.press(f"form[action='{reverse('participants:deliver_batch', args=[batch.public_id])}'] button")


def write_letter(line, head):
    page = line.page
    line.as_("puskesmas", "referrals:search")
    line.fill(nik=head.nik)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pasien/*/")
    line.audit(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pasien/*/rujukan/")
    line.fill(complaint="Pusing dan tengkuk berat sejak dua minggu", findings="TD 170/100, nadi 88")
    page.check("#diagnosis-list [value='I10']")
    page.select_option("[name=reason]", "STAFF")
    page.select_option("[name=specialty]", "INT")
    if not line.scripted:
        page.click("[value=hospitals]")
        page.wait_for_url("**#hospitals")
        line.audit(page)
    page.locator("#hospital-list label", has_text="Chasbullah").click()
    line.fill(doctor_name="dr. Bayu Pratama")
    line.press("#continue")
    line.press()
    page.wait_for_url("**/terbit/")
    sjp = Sjp.objects.get()
    assert sjp.hospital.code == "3275013"
    assert sjp.decision["decision"] == "COVERED"
    outbox.drain()
    assert BudgetLine.objects.get(for_public=True).reserved == sjp.estimate
    return sjp


def treat(line, sjp):
    page = line.page
    line.as_("rsud.daftar", "referrals:letter", sjp.public_id)
    line.press("form[action$='/terima/'] button")
    page.click("a[href$='/kedatangan/']")
    page.check("#id_identity_check_0")
    page.fill("#id_medical_record", "00-12-34")
    line.press()
    page.click("a[href$='/pulang/']")
    page.check("#id_status_0")
    page.select_option("#id_condition", index=1)
    page.fill("#id_follow_up", "Kontrol 7 hari lagi")
    line.press()
    sjp.refresh_from_db()
    assert sjp.state == "SERVICE_DONE"


def claim(line, sjp):
    file = {"name": "eklaim.txt", "mimeType": "text/plain", "buffer": c.text([c.row(sjp)]).encode()}
    line.as_("rsud.klaim", "claims:hand_in")
    line.page.set_input_files("[name=file]", file)
    line.press("[name=check]")
    assert not ClaimBatch.objects.exists()
    line.page.set_input_files("[name=file]", file)
    line.press("[name=hand_in]")
    batch = ClaimBatch.objects.get()
    Claim.objects.update(public_id=unsampled())  # no second reader in this walk
    line.follow("claims:submit", batch.public_id)
    line.press()
    line.as_("rsud.direktur", "claims:sign", batch.public_id)
    line.press("[name=sign]")
    line.as_("dinkes.klaim", "claims:completeness", batch.public_id)
    line.press("[name=complete]")
    batch.refresh_from_db()
    assert batch.state == "COMPLETE"
    return batch


def verify(line, batch):
    line.as_("koordinator", "verification:queue")
    line.follow("verification:assign", batch.public_id)
    line.page.select_option("[name=verifier]", label="Ratna Dewanti")
    line.press()
    line.as_("verifikator", "verification:batch", batch.public_id)
    only = Claim.objects.get()
    line.follow("verification:claim", only.public_id)
    line.page.check("[name=outcome][value=ADJUST]")
    line.fill(reason="Obat di luar formularium")
    part = only.lines.get(kind="INACBG")
    amounts = line.page.locator("details", has=line.page.locator(f"[name=price_{part.pk}]"))
    amounts.locator("summary").click()
    line.fill(**{f"price_{part.pk}": str(part.asked - ADJUSTED)})
    line.press()
    line.press(f"form[action='{reverse('verification:draw', args=[batch.public_id])}'] button")
    batch.refresh_from_db()
    bahv = batch.bahvs.get()
    for signer in ("rsud.direktur", "verifikator", "dinkes.layanan"):
        line.as_(signer, "verification:bahv", bahv.public_id)
        line.press(f"form[action='{reverse('verification:sign', args=[bahv.public_id])}'] button")
    batch.refresh_from_db()
    assert (batch.state, batch.approved) == ("BAHV_APPROVED", only.claimed - ADJUSTED)
    return batch.approved


def pay(line, batch):
    line.as_("dinkes.klaim", "budget:payment_list")
    line.follow("budget:propose", batch.hospital.code)
    line.fill(receipt_number="KW/1/2026", receipt_date=f"{f.TODAY:%d-%m-%Y}")
    line.press()
    payment = Payment.objects.get()
    for officer, document in (("bendahara", "SPP"), ("kpa", "SPM"), ("bud", "SP2D")):
        line.as_(officer, "budget:payment", payment.public_id)
        line.fill(number=f"1/{document}/2026", date=f"{f.TODAY:%d-%m-%Y}")
        line.press()
    batch.refresh_from_db()
    assert batch.state == "PAID"


def look_up_own_family(page, audit, household, head):
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    page.goto(reverse("resident:check"))
    audit(page)
    page.fill("[name=kk_number]", household.kk_number)
    page.fill("[name=nik]", head.nik)
    page.fill("[name=birth_date]", f"{head.birth_date:%d-%m-%Y}")
    page.click("main form button")
    page.wait_for_url("**/kartu/")
    audit(page)
    text = page.inner_text("main")
    assert head.nik not in text.replace(" ", "")
    assert Card.objects.get(household=household).number in text
