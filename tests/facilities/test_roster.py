"""The roster of doctors in charge: who is offered where a doctor's name is typed."""

import datetime

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from facilities import roster
from facilities.enums import Role
from facilities.fields import DoctorField
from facilities.models import Doctor, Specialty
from ksb.core.errors import NotAllowed, Refused
from ksb.core.forms import KsbForm
from ksb.core.models import JournalEntry
from tests import factories as f

pytestmark = pytest.mark.django_db


class DoctorForm(KsbForm):
    doctor = DoctorField()

    def __init__(self, *args, hospital, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["doctor"].offer(hospital, f.TODAY)


class TestWhoIsInCharge:
    def test_a_doctor_is_on_the_roster_from_the_first_day_to_the_last(self):
        doctor = f.make_doctor(f.hospital(), since=datetime.date(2026, 1, 1), until=datetime.date(2026, 7, 1))
        for day, found in (("2025-12-31", 0), ("2026-01-01", 1), ("2026-06-30", 1), ("2026-07-01", 0)):
            assert Doctor.objects.of(doctor.facility, datetime.date.fromisoformat(day)).count() == found

    def test_a_doctor_of_another_hospital_is_not_offered(self):
        f.make_doctor(f.hospital(1))
        assert not Doctor.objects.of(f.hospital(), f.TODAY).exists()

    def test_a_name_is_found_whatever_its_letters(self):
        doctor = f.make_doctor(f.hospital(), name="dr. Ayu Lestari, Sp.A")
        assert Doctor.objects.named(" DR. AYU LESTARI, SP.A ", facility=f.hospital(), on=f.TODAY) == doctor

    def test_one_licence_stands_once_on_the_roster_of_a_hospital(self):
        doctor = f.make_doctor(f.hospital())
        doctor.pk = None
        with pytest.raises(IntegrityError, match="one_licence_once_per_hospital"):
            doctor.save()


class TestKeeping:
    VALID = DateRange(datetime.date(2026, 1, 1), None)

    def enter(self, actor, place, registration="SIP/1"):
        return roster.enter(
            facility=place,
            name="dr. Ayu, Sp.A",
            registration=registration,
            specialty=Specialty.objects.get(pk="ANA"),
            valid=self.VALID,
            actor=actor,
        )

    def test_the_hospital_keeps_its_own_roster_and_dinkes_any(self):
        place = f.hospital()
        for n, role in enumerate((Role.HOSPITAL_DESK, Role.HOSPITAL_DIRECTOR, Role.DINKES_SERVICES)):
            self.enter(f.make_user(role, facility=place), place, registration=f"SIP/{n}")
        assert place.doctors.count() == 3

    def test_another_hospital_and_the_billing_office_do_not(self):
        for actor in (f.make_user(Role.HOSPITAL_DESK, facility=f.hospital(1)), f.make_user(Role.HOSPITAL_BILLER)):
            with pytest.raises(NotAllowed):
                self.enter(actor, f.hospital())

    def test_a_licence_that_is_known_is_refused_with_a_sentence(self):
        dinkes = f.make_user(Role.DINKES_SERVICES)
        self.enter(dinkes, f.hospital())
        with pytest.raises(Refused):
            self.enter(dinkes, f.hospital())

    def test_a_doctor_leaves_and_the_journal_knows_the_days_before_and_after(self):
        desk = f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())
        doctor = self.enter(desk, f.hospital())
        roster.change(doctor=doctor, values={"valid": DateRange(self.VALID.lower, f.TODAY)}, actor=desk)
        assert not Doctor.objects.of(f.hospital(), f.TODAY).exists()
        entry = JournalEntry.objects.about(f.hospital()).get(verb="doctor.change")
        assert entry.data["changes"] == {"valid": [["2026-01-01", None], ["2026-01-01", "2026-11-22"]]}


class TestPerimeter:
    def test_a_hospital_sees_its_own_roster_and_dinkes_sees_all(self):
        own, other = f.make_doctor(f.hospital()), f.make_doctor(f.hospital(1))
        desk = f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())
        assert set(Doctor.objects.visible_to(desk)) == {own}
        assert set(Doctor.objects.visible_to(f.make_user(Role.DINKES_SERVICES))) == {own, other}
        assert not Doctor.objects.visible_to(f.make_user(Role.PUSKESMAS_CLERK)).exists()


class TestField:
    def test_the_roster_is_suggested_and_any_other_name_is_taken(self):
        doctor = f.make_doctor(f.hospital(), name='dr. "Budi" <b>, Sp.PD')
        form = DoctorForm({"doctor": "dr. Jaga"}, hospital=doctor.facility)
        page = form.as_p()
        assert 'list="id_doctor_suggestions"' in page
        assert "dr. &quot;Budi&quot; &lt;b&gt;, Sp.PD" in page
        assert form.is_valid()

    def test_a_hospital_without_a_roster_has_a_plain_field(self):
        assert "datalist" not in DoctorForm(hospital=f.hospital()).as_p()
