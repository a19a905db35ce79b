"""The official tables come in whole or not at all, and may come again."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from facilities.models import Diagnosis, Facility, Procedure, Region, Tariff
from facilities.reference import load_reference
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters, scheme_on
from tests import factories as f

pytestmark = pytest.mark.django_db


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


class TestShippedFacts:
    def test_the_city_has_12_kecamatan_and_56_kelurahan(self):
        assert Region.objects.filter(level="KECAMATAN").count() == 12
        assert Region.objects.filter(level="KELURAHAN").count() == 56

    def test_puskesmas_and_hospitals_are_known_by_their_ministry_codes(self):
        assert Facility.objects.puskesmas().count() == 48
        assert Facility.objects.get(code="3275013").is_public

    def test_the_thirty_commonest_diagnoses_have_an_indonesian_name(self):
        common = Diagnosis.objects.filter(common_rank__isnull=False)
        assert common.count() >= 30
        assert not common.filter(alias="").exists()

    def test_loading_again_adds_nothing_and_keeps_what_dinkes_changed(self):
        SchemeVersion.objects.filter(code="P6").update(parameters={"min_residence_months": 12})
        before = Facility.objects.count()
        load_reference()
        assert Facility.objects.count() == before
        assert scheme_on(f.TODAY).parameters.min_residence_months == 12


class TestSchemes:
    @pytest.mark.parametrize(
        ("day", "code"),
        [
            ("2013-12-31", None),
            ("2017-01-16", "P1"),
            ("2018-10-31", "P2"),
            ("2018-11-01", "P3"),
            ("2020-01-01", "P4"),
            ("2022-04-01", "P5"),
            ("2024-12-31", "P5"),
            ("2025-01-01", "P6"),
            ("2040-01-01", "P6"),
        ],
    )
    def test_the_version_in_force_depends_on_the_day(self, day, code):
        scheme = scheme_on(datetime.date.fromisoformat(day))
        assert (scheme.code if scheme else None) == code

    def test_a_parameter_no_rule_knows_is_refused(self):
        with pytest.raises(TypeError):
            Parameters.from_json({"min_residense_months": 6})


class TestTariffs:
    HEADER = "kode_ina_cbg,deskripsi,regional,kelas_rs,tipe_rs,jenis_rawat,tarif_kelas_1,tarif_kelas_2,tarif_kelas_3\n"

    def test_the_ministry_s_columns_are_understood(self, tmp_path):
        file = write(tmp_path, "t.csv", self.HEADER + "Z-9-99-I,Uji,1,C,Swasta,1,3.000.000,2.000.000,1.000.000\n")
        call_command("import_tariffs", file, "--from=2026-01-01", "--source=Uji")
        assert Tariff.objects.get(code="Z-9-99-I", care_class=3).amount == 1_000_000
        assert Tariff.objects.get(code="Z-9-99-I", care_class=3).tariff_code == "CS"

    def test_a_bad_line_is_named_and_nothing_is_written(self, tmp_path):
        rows = "Z-9-98-I,Uji,1,C,Swasta,1,3,2,1\nZ-9-97-I,Uji,1,C,Swasta,1,tiga,2,1\n"
        with pytest.raises(CommandError, match="3"):
            call_command("import_tariffs", write(tmp_path, "t.csv", self.HEADER + rows), "--from=2026-01-01")
        assert not Tariff.objects.filter(code__startswith="Z-9-9").exists()

    def test_a_missing_column_is_named(self, tmp_path):
        with pytest.raises(CommandError, match="class_3"):
            call_command("import_tariffs", write(tmp_path, "t.csv", self.HEADER.replace("tarif_kelas_3", "x") + "a\n"))


class TestCodes:
    def test_the_ministry_s_diagnoses_come_on_top(self, tmp_path):
        call_command(
            "import_icd", write(tmp_path, "icd.csv", "CODE;DISPLAY\nA91;Dengue haemorrhagic fever\nI10;Other\n")
        )
        assert Diagnosis.objects.get(code="A91").selectable
        assert Diagnosis.objects.get(code="I10").title != "Other"

    def test_procedures_too(self, tmp_path):
        file = write(tmp_path, "p.csv", "CODE,DISPLAY\n00.99,Uji\n")
        call_command("import_icd", file, "--procedures", "--source=Uji")
        assert Procedure.objects.get(code="00.99").source == "Uji"

    def test_text_that_is_not_utf_8_is_refused_with_what_to_do(self, tmp_path):
        path = tmp_path / "icd.csv"
        path.write_bytes("CODE,DISPLAY\nA91,Dérangement\n".encode("utf-16"))
        with pytest.raises(CommandError, match="UTF-8"):
            call_command("import_icd", str(path))


class TestFacilities:
    def test_a_new_hospital_outside_the_city_is_added(self, tmp_path):
        file = write(
            tmp_path, "f.csv", "code,name,kind,ownership,hospital_class\n3171999,RS Luar Kota,HOSPITAL,PRIVATE,B\n"
        )
        call_command("import_facilities", file)
        assert not Facility.objects.get(code="3171999").in_city

    def test_an_unknown_kind_is_refused(self, tmp_path):
        with pytest.raises(CommandError, match="2"):
            call_command("import_facilities", write(tmp_path, "f.csv", "code,name,kind,ownership\n1,X,SPA,PUBLIC\n"))
