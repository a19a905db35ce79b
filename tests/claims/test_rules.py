"""Every rule of the catalogue, by its id: a row it lets pass and a row it finds. The rows differ in what the rule is about."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.enums import ClaimState
from claims.models import Claim, ClaimLine
from claims.rules.catalogue import CATALOGUE
from claims.rules.checking import check_claim
from facilities.enums import Service
from facilities.models import Diagnosis
from ksb.core.models import SchemeVersion
from participants.enums import Relation, ResidentStatus
from referrals.enums import ReferralState, SjpState
from referrals.models import EmergencyNotice, Episode, Sjp
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db

_R = """
    ADM-14
    ADM-01 ADM-02 ADM-03 ADM-06 ADM-08 ADM-11 ADM-12 CLN-01 CLN-02 CTR-01 CTR-02 DUP-01 DUP-02
    DUP-03 DUP-08 ELG-01 ELG-03 ELG-04 ELG-06 ELG-07 ELG-09 HOS-01 PAY-01 REF-01 TRF-01 TRF-02
    TRF-04 TRF-07 TRF-08"""
_P = """
    ADM-04 CLN-07 TRF-05 TRF-06
    FRD-01 FRD-02 FRD-03 FRD-04 FRD-05 FRD-06 FRD-07 FRD-10 FRD-12
    ADM-05 ADM-09 ADM-13 CLN-03 CLN-04 CLN-05 CLN-06 CLN-08 CLN-11 CTR-03 CTR-05 DUP-04 DUP-05
    DUP-06 DUP-07 ELG-02 ELG-05 ELG-08 ELG-10 ELG-11 FRD-09 REF-02 REF-03 REF-06 TRF-03 TRF-09"""
_W = """
    FRD-08 FRD-11
    ADM-07 ADM-10 ADM-15 CLN-09 CLN-10 CLN-12 CTR-04 DUP-09 REF-04 REF-05 TRF-10"""
SEVERITIES = {code: letter for letter, codes in (("R", _R), ("P", _P), ("W", _W)) for code in codes.split()}
STAY = Service.INPATIENT
DAY = c.DAY


def on(day):
    """The day of intake."""
    return datetime.datetime.combine(day, datetime.time(9), tzinfo=f.NOW.tzinfo)


def judged(code, *, sjp=None, line=2, at=c.AT, **cells):
    """Hand in one row and return the finding of ``code`` on it, or None."""
    sjp = sjp or c.letter()
    result = c.take([c.row(sjp, **cells)], place=sjp.hospital, at=at)
    return found(result, code, line)


def found(result, code, line=2):
    findings = next(row for row in result.lines if row.line == line).findings
    return next((finding for finding in findings if finding.rule == code), None)


def person(**values):
    return c.letter(f.make_resident(**values))


def stays(*pairs, place=None, resident=None):
    """Letters for stays of one patient: (admitted, days) each."""
    resident = resident or f.make_resident()
    return [
        (c.letter(resident, to=place, service=STAY, since=admitted), {"admitted": admitted, "days": days})
        for admitted, days in pairs
    ]


def test_severities_are_those_of_the_rule_book():
    assert {rule.code: rule.severity for rule in CATALOGUE} == SEVERITIES


def test_a_sound_row_has_no_finding():
    result = c.take([c.row(c.letter()), c.row(c.letter(service=STAY), days=3)])
    assert [line.findings for line in result.lines] == [(), ()]
    assert (result.accepted, result.refused) == (2, 0)


# ADM


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("SEX", "3"),
        ("PTD", ""),
        ("ADMISSION_DATE", "31/02/2026"),
        ("BIRTH_DATE", "0000-00-00"),
        ("TOTAL_TARIF", "1,83E+06"),
        ("TARIF_RS", "-5"),
        ("NAMA_PASIEN", "-"),
        ("DIAGLIST", "-"),
        ("LOS", "dua"),
        ("PAYOR_ID", ""),
    ],
)
def test_ADM_01_finds_what_is_missing_or_unreadable(column, value):
    finding = judged("ADM-01", **{column: value})
    assert finding.evidence["field"] == column


def test_ADM_01_passes_a_row_without_optional_data():
    assert judged("ADM-01", MRN="", DPJP="", SEP="", PROCLIST="-", TARIF_SP="-") is None


def test_ADM_02_passes_a_letter_in_use_of_this_patient():
    assert judged("ADM-02", sjp=c.letter(state=SjpState.USED)) is None


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"SEP": "999999/SJP/32750200001/X/2026"}, "no_letter"),
        ({"SEP": "3216174ICC26100001"}, "no_letter"),
        ({"SEP": ""}, "no_letter"),
        ({"NOKARTU": "1", "NAMA_PASIEN": "ORANG LAIN", "BIRTH_DATE": "01/01/1980"}, "other_patient"),
    ],
)
def test_ADM_02_finds_a_missing_letter_or_another_patient(cells, why):
    if "BIRTH_DATE" in cells:
        cells["UMUR_HARI"] = str((DAY - datetime.date(1980, 1, 1)).days)
    assert judged("ADM-02", **cells).evidence["details"] == [why]


@pytest.mark.parametrize("state", [SjpState.ISSUED, SjpState.CANCELLED, SjpState.EXPIRED, SjpState.REVOKED])
def test_ADM_02_finds_a_letter_that_was_not_used(state):
    finding = judged("ADM-02", sjp=c.letter(state=state))
    assert finding.evidence["details"] == [f"letter_{state.lower()}"]


def test_ADM_02_finds_the_letter_of_another_hospital_without_telling_whose_it_is():
    foreign = c.letter(to=c.hospital(1))
    finding = judged("ADM-02", SEP=foreign.number)
    assert finding.evidence["details"] == ["no_letter"]
    assert foreign.hospital.name not in finding.message


def test_ADM_02_finds_the_nik_of_another_resident_when_the_name_differs_too():
    other = f.make_resident(name="SUTRISNO")
    finding = judged("ADM-02", NOKARTU=other.nik, NAMA_PASIEN="SUTRISNO")
    assert finding.evidence["details"] == ["other_patient"]


def test_ADM_03_passes_both_edges_of_the_validity():
    sjp = c.letter(since=DAY, valid_until=DAY + datetime.timedelta(days=5))
    assert judged("ADM-03", sjp=sjp, admitted=DAY) is None
    sjp = c.letter(since=DAY, valid_until=DAY + datetime.timedelta(days=5))
    assert judged("ADM-03", sjp=sjp, admitted=sjp.valid_until) is None


@pytest.mark.parametrize("shift", [-1, 30])
def test_ADM_03_finds_service_outside_the_validity(shift):
    assert judged("ADM-03", admitted=DAY + datetime.timedelta(days=shift), at=on(datetime.date(2026, 11, 30)))


def test_ADM_03_allows_three_days_before_the_letter_in_an_emergency():
    sjp = c.letter(service=Service.EMERGENCY)
    assert judged("ADM-03", sjp=sjp, admitted=DAY - datetime.timedelta(days=3)) is None


def test_ADM_06_passes_the_last_day_and_finds_the_day_after():
    assert judged("ADM-06", at=on(datetime.date(2027, 4, 12))) is None
    assert judged("ADM-06", at=on(datetime.date(2027, 4, 13))).evidence["months"] == 6


def test_ADM_07_passes_the_tenth_and_finds_the_eleventh():
    assert judged("ADM-07", at=on(datetime.date(2026, 11, 10))) is None
    assert judged("ADM-07", at=on(datetime.date(2026, 11, 11)))


def test_ADM_07_finds_a_row_of_another_month_than_most():
    september = c.letter(since=datetime.date(2026, 9, 28))
    rows = [c.row(c.letter()), c.row(september), c.row(c.letter())]
    result = c.take(rows, at=on(datetime.date(2026, 10, 31)))
    assert result.batch.service_month == datetime.date(2026, 10, 1)
    assert [bool(found(result, "ADM-07", line)) for line in (2, 3, 4)] == [False, True, False]


def test_ADM_08_passes_the_number_of_a_series_on_another_day():
    sjp = c.letter(service=Service.HAEMODIALYSIS)
    later = DAY + datetime.timedelta(days=3)
    result = c.take([c.row(sjp), c.row(sjp, admitted=later)], place=sjp.hospital)
    assert not {"ADM-08", "DUP-01"} & c.rules(result, 3)


def test_ADM_08_finds_a_claim_number_used_twice():
    one, two = c.letter(), c.letter()
    number = "3216174ICC26100007"
    result = c.take([c.row(one, SEP=number), c.row(two, SEP=number)])
    assert found(result, "ADM-08", 2) is None
    assert found(result, "ADM-08", 3).evidence["line"] == 2


@pytest.mark.parametrize("name", ["WARGA UJI COBA", "Warga  Uji, Tn.", "WARGA UJI.", "warga"])
def test_ADM_09_tolerates_ways_of_writing_a_name(name):
    assert judged("ADM-09", sjp=person(name="WARGA UJI"), NAMA_PASIEN=name) is None


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"NAMA_PASIEN": "SUTRISNO"}, "name"),
        ({"SEX": "2"}, "sex"),
        ({"BIRTH_DATE": "18/05/1990", "UMUR_HARI": str((DAY - datetime.date(1990, 5, 18)).days)}, "birth"),
    ],
)
def test_ADM_09_finds_an_identity_other_than_the_registry(cells, what):
    assert judged("ADM-09", **cells).evidence["details"] == [what]


def test_ADM_10_passes_a_nik_that_says_birth_and_sex():
    assert judged("ADM-10") is None
    assert judged("ADM-10", sjp=person(sex=2)) is None


@pytest.mark.parametrize(
    ("values", "cells", "what"),
    [
        ({"nik": "3275011806900099"}, {}, "nik_birth"),
        ({"nik": "3275015705900099"}, {}, "nik_sex"),
        ({}, {"NOKARTU": "327501170590001"}, "card_length"),
        ({}, {"NOKARTU": "3,27501E+15"}, "card_rounded"),
        ({}, {"NOKARTU": "3275011705909999"}, "card_other"),
    ],
)
def test_ADM_10_only_remarks_numbers_that_differ(values, cells, what):
    sjp = person(**values)
    result = c.take([c.row(sjp, **cells)], place=sjp.hospital)
    assert found(result, "ADM-10").evidence["details"] == [what]
    assert result.accepted == 1


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        ({"DISCHARGE_DATE": "11/10/2026"}, "ends_before_it_starts"),
        ({"ADMISSION_DATE": "06/11/2026", "DISCHARGE_DATE": "06/11/2026"}, "future"),
        ({"BIRTH_DATE": "13/10/2026"}, "before_birth"),
        ({"LOS": "2"}, "los"),
        ({"UMUR_HARI": "17"}, "age"),
    ],
)
def test_ADM_12_finds_days_that_do_not_fit(cells, what):
    assert what in judged("ADM-12", **cells).evidence["details"]


def test_ADM_12_passes_a_discharge_on_the_day_of_intake():
    assert judged("ADM-12", at=on(DAY)) is None


@pytest.mark.parametrize(("cells", "what"), [({"OBAT": "1"}, "costs"), ({"TARIF_SP": "1000", "SP": "YY01"}, "parts")])
def test_ADM_13_finds_totals_that_do_not_add_up(cells, what):
    assert judged("ADM-13", **cells).evidence["details"] == [what]


def test_ADM_13_adds_the_costs_only_where_the_file_has_them():
    sjp = c.letter()
    from claims.intake.columns import COLUMNS

    old = c.text([c.row(sjp, TARIF_RS="999999")], columns=COLUMNS[:60])
    assert found(c.take(old, place=sjp.hospital), "ADM-13") is None


# ELG


def test_ELG_01_passes_a_covering_letter_whatever_became_known_later():
    sjp = c.letter()
    f.cover_elsewhere(sjp.resident)
    assert judged("ELG-01", sjp=sjp) is None


def test_ELG_01_finds_a_letter_whose_decision_did_not_cover():
    assert judged("ELG-01", sjp=c.letter(decision={"decision": "EXCLUDED_PBI_APBN"}))


@pytest.mark.parametrize(
    "cover",
    [
        {"since": DAY + datetime.timedelta(days=1)},
        {"until": DAY - datetime.timedelta(days=1)},
        {"status": 9},
    ],
)
def test_ELG_02_passes_jkn_that_is_not_active_on_the_day(cover):
    sjp = c.letter()
    f.cover_elsewhere(sjp.resident, **cover)
    assert judged("ELG-02", sjp=sjp) is None


@pytest.mark.parametrize("segment", [21, 22, 13])
def test_ELG_02_asks_when_jkn_was_active_on_the_day(segment):
    sjp = c.letter()
    f.cover_elsewhere(sjp.resident, segment=segment)
    assert judged("ELG-02", sjp=sjp).evidence["segment"] == segment


def test_ELG_04_passes_a_death_in_hospital():
    died = {"status": ResidentStatus.DECEASED, "status_on": DAY}
    assert judged("ELG-04", sjp=person(**died)) is None


def test_ELG_04_finds_service_after_death():
    died = {"status": ResidentStatus.DECEASED, "status_on": DAY - datetime.timedelta(days=1)}
    assert judged("ELG-04", sjp=person(**died)).evidence["died"] == str(died["status_on"])


def test_ELG_05_passes_a_resident_whose_waiting_period_is_over():
    assert judged("ELG-05", sjp=person(resident_since=datetime.date(2026, 4, 12))) is None


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"resident_since": datetime.date(2026, 4, 13)}, "waiting"),
        ({"status": ResidentStatus.MOVED_OUT, "status_on": DAY, "city_code": "32.16"}, "moved"),
    ],
)
def test_ELG_05_asks_about_newcomers_and_people_who_left(values, what):
    assert judged("ELG-05", sjp=person(**values)).evidence["details"] == [what]


def test_ELG_09_finds_a_day_without_programme():
    SchemeVersion.objects.on(DAY).delete()
    sjp = c.letter(scheme=SchemeVersion.objects.first())
    assert judged("ELG-09", sjp=sjp)


def test_ELG_09_honours_letters_of_a_closed_programme():
    version = SchemeVersion.objects.on(DAY)
    version.parameters = {**version.parameters, "open": False}
    version.save()
    assert judged("ELG-09") is None
    assert judged("ELG-09", SEP="")


def reported(sjp, **values):
    """``sjp`` as one that rests on an emergency notice instead of a referral."""
    sjp.emergency, sjp.referral = True, None
    sjp.save()
    moment = on(sjp.valid_from)
    EmergencyNotice.objects.create(
        **{
            **{name: getattr(sjp, name) for name in ("resident", "hospital", "puskesmas", "specialty", "diagnosis")},
            **{"number": f"LGD/{sjp.pk}", "state": "APPROVED", "service": sjp.service, "criterion": "CONSCIOUSNESS"},
            **{"admitted_at": moment, "deadline": moment, "due": moment, "reported_at": moment, "sjp": sjp},
            **{"admitted_by": f.system(), "reported_by": f.system(), "cause": "ILLNESS"},
            **values,
        }
    )
    return sjp


def test_ELG_10_passes_an_illness_and_a_payer_that_does_not_pay():
    assert judged("ELG-10", sjp=reported(c.letter())) is None
    assert judged("ELG-10", sjp=reported(c.letter(), cause="WORK_ACCIDENT", payer_letter="B/1")) is None


@pytest.mark.parametrize(
    ("values", "why"),
    [({}, "payer_unanswered"), ({"payer_letter": "JR/1", "payer_amount": 5_000_000}, "payer_bears")],
)
def test_ELG_10_asks_what_the_first_payer_bears(values, why):
    finding = judged("ELG-10", sjp=reported(c.letter(), cause="TRAFFIC_ACCIDENT", **values))
    assert finding.evidence["details"] == [why]


# REF, CTR


def test_REF_03_passes_an_emergency_reported_with_a_diagnosis_of_its_kind():
    gastroenteritis = Diagnosis.objects.get(pk="A09.9")
    assert judged("REF-03", sjp=reported(c.letter(service=STAY), diagnosis=gastroenteritis)) is None
    assert judged("REF-03", sjp=c.letter(service=Service.EMERGENCY)) is None


def test_REF_03_asks_about_an_emergency_nobody_reported_or_with_another_diagnosis():
    silent = c.letter(service=Service.EMERGENCY)
    silent.referral = None
    silent.save()
    assert judged("REF-03", sjp=silent).evidence["details"] == ["no_notice"]
    other = reported(c.letter(), diagnosis=Diagnosis.objects.get(pk="P22.0"))
    assert judged("REF-03", sjp=other).evidence["details"] == ["other_diagnosis"]


def test_CTR_01_only_asks_about_the_stay_of_an_emergency():
    sjp = reported(c.letter(to=f.hospital(5, public=False), service=STAY))
    assert judged("CTR-01", sjp=sjp, days=3).severity == "P"


def test_REF_01_passes_a_referral_that_was_used():
    assert judged("REF-01") is None


def test_REF_01_finds_a_cancelled_referral_but_not_for_an_emergency():
    assert judged("REF-01", sjp=c.letter(referral_state=ReferralState.CANCELLED))
    emergency = c.letter(referral_state=ReferralState.CANCELLED, service=Service.EMERGENCY)
    assert judged("REF-01", sjp=emergency) is None


def test_REF_02_passes_ninety_days_and_asks_after():
    for days, hit in ((90, False), (91, True)):
        sjp = c.letter()
        sjp.referral.valid_from = DAY - datetime.timedelta(days=days)
        sjp.referral.save()
        assert bool(judged("REF-02", sjp=sjp)) is hit


def test_CTR_01_passes_a_contract_that_includes_the_service():
    assert judged("CTR-01") is None


def test_CTR_01_finds_a_missing_contract():
    place = f.hospital(5, public=False)
    assert judged("CTR-01", sjp=c.letter(to=place)).evidence["details"] == ["no_contract"]


def test_CTR_01_finds_a_service_outside_the_contract():
    place = f.hospital(5, public=False)
    f.make_contract(place, services=[Service.INPATIENT])
    assert judged("CTR-01", sjp=c.letter(to=place)).evidence["details"] == ["service_not_included"]


def test_CTR_01_finds_a_letter_written_while_the_hospital_was_suspended():
    sjp = c.letter()
    f.suspend(sjp.hospital, since=sjp.valid_from)
    assert judged("CTR-01", sjp=sjp).evidence["details"] == ["no_contract"]


def test_CTR_01_honours_letters_given_out_before_the_suspension():
    sjp = c.letter()
    f.suspend(sjp.hospital, since=sjp.valid_from + datetime.timedelta(days=1))
    assert judged("CTR-01", sjp=sjp) is None


def test_CTR_01_only_asks_when_the_agreement_ended_after_the_letter_was_given_out():
    place = f.make_facility()
    contract = f.make_contract(place, services=list(Service))
    sjp = c.letter(to=place)
    Sjp.objects.filter(pk=sjp.pk).update(issued_at=f.NOW - datetime.timedelta(days=60))
    f.amend(contract, since=DAY - datetime.timedelta(days=1), services=[Service.AMBULANCE])
    assert judged("CTR-01", sjp=sjp).severity == "P"


def test_CTR_01_reads_the_addendum_of_the_day_of_service():
    for days, hit in ((1, True), (0, False)):
        place = f.make_facility()
        contract = f.make_contract(place, services=list(Service))
        sjp = c.letter(to=place)
        f.amend(contract, since=datetime.date(2025, 1, 2), services=[Service.AMBULANCE])
        f.amend(contract, since=DAY + datetime.timedelta(days=days), services=list(Service))
        assert bool(judged("CTR-01", sjp=sjp)) is hit


def test_CTR_01_only_asks_in_an_emergency():
    place = f.hospital(5, public=False)
    result = c.take([c.row(c.letter(to=place, service=Service.EMERGENCY))], place=place)
    assert found(result, "CTR-01").severity == "P"
    assert result.accepted == 1


def test_CTR_02_passes_class_three_and_finds_class_two():
    assert judged("CTR-02") is None
    assert judged("CTR-02", KELAS_RAWAT="2").evidence == {"class": 2, "allowed": 3}


# TRF


def test_TRF_01_passes_a_group_of_the_table():
    assert judged("TRF-01") is None


@pytest.mark.parametrize(("group", "what"), [("X-0-98-X", "error_group"), ("Q-5-99-0", "no_tariff")])
def test_TRF_01_finds_groups_without_a_price(group, what):
    assert judged("TRF-01", INACBG=group).evidence["details"] == [what]


def test_TRF_01_finds_a_tariff_not_in_force_on_the_day_of_discharge():
    from facilities.models import Tariff

    sjp = c.letter()
    cells = c.row(sjp)
    Tariff.objects.filter(code=c.VISIT).update(valid=(DAY + datetime.timedelta(days=1), None))
    assert found(c.take([cells], place=sjp.hospital), "TRF-01")


def test_TRF_02_passes_the_tariff_and_finds_one_rupiah_more():
    sjp = c.letter()
    price = c.tariff(sjp.hospital, c.VISIT)
    assert judged("TRF-02", sjp=sjp) is None
    more = str(price + 1)
    finding = judged("TRF-02", TARIF_INACBG=more, TOTAL_TARIF=more)
    assert (finding.evidence["package"], finding.evidence["tariff"]) == (price + 1, price)


def test_TRF_03_passes_two_fifths_and_asks_below():
    price = c.tariff(c.hospital(), c.VISIT)
    share = price * 2 // 5
    assert judged("TRF-03", TARIF_RS=str(share), OBAT=str(share), KONSULTASI="0") is None
    assert judged("TRF-03", TARIF_RS=str(share - 1), OBAT=str(share - 1), KONSULTASI="0")


def test_TRF_07_is_refused_by_the_database_itself():
    claim = c.claimed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(approved=claim.claimed + 1)


def test_TRF_07_finds_lines_that_approve_more_than_is_claimed():
    claim = c.claimed(TARIF_SP="1000", SP="YY01")
    ClaimLine.objects.filter(claim=claim, kind="INACBG").update(approved=claim.claimed)
    check_claim(claim, on=c.AT.date())
    assert not claim.findings.filter(rule="TRF-07").exists()
    ClaimLine.objects.filter(claim=claim, kind="SP").update(approved=1000)
    check_claim(claim, on=c.AT.date())
    assert claim.findings.filter(rule="TRF-07").exists()


# CLN


@pytest.mark.parametrize("codes", ["I10", "A09.9;E86", "a099", "M54.50", "S52.50"])
def test_CLN_01_passes_codes_with_and_without_dot_and_with_a_fifth_character(codes):
    assert judged("CLN-01", DIAGLIST=codes) is None


@pytest.mark.parametrize(("column", "value"), [("DIAGLIST", "I10;Q99.99"), ("PROCLIST", "99.991"), ("DIAGLIST", "ZZZ")])
def test_CLN_01_finds_codes_that_do_not_exist(column, value):
    assert judged("CLN-01", **{column: value})


@pytest.mark.parametrize(("sex", "codes"), [(2, "O80.0"), (1, "N40"), (1, "Z38.0"), (2, "C50.9"), (1, "C50.9")])
def test_CLN_02_passes_codes_of_the_own_sex_and_of_both(sex, codes):
    assert judged("CLN-02", sjp=person(sex=sex), DIAGLIST=codes) is None


@pytest.mark.parametrize(
    ("sex", "cells"),
    [(1, {"DIAGLIST": "I10;O21.0"}), (2, {"DIAGLIST": "N40"}), (1, {"PROCLIST": "74.1"}), (2, {"PROCLIST": "60.29"})],
)
def test_CLN_02_finds_codes_of_the_other_sex(sex, cells):
    assert judged("CLN-02", sjp=person(sex=sex), **cells)


@pytest.mark.parametrize(("days", "hit"), [(28, False), (29, True)])
def test_CLN_03_knows_newborns_of_28_days(days, hit):
    sjp = person(birth_date=DAY - datetime.timedelta(days=days))
    assert bool(judged("CLN-03", sjp=sjp, DIAGLIST="P07.3")) is hit


@pytest.mark.parametrize(("age", "hit"), [(9, True), (10, False), (55, False), (56, True)])
def test_CLN_03_knows_the_age_of_childbearing(age, hit):
    sjp = person(sex=2, birth_date=DAY.replace(year=DAY.year - age))
    assert bool(judged("CLN-03", sjp=sjp, DIAGLIST="O21.0")) is hit


# DUP


def test_DUP_01_passes_the_first_claim_of_a_letter_and_finds_the_second():
    sjp = c.letter()
    result = c.take([c.row(sjp), c.row(sjp)])
    assert found(result, "DUP-01", 2) is None
    assert found(result, "DUP-01", 3).evidence.items() >= {"batch": result.batch.number, "line": 2}.items()
    assert [claim.state for claim in result.batch.claims.order_by("line_number")] == ["READY", "BLOCKED"]


def test_DUP_01_finds_a_letter_claimed_in_another_file_on_another_day():
    sjp = c.letter()
    c.take([c.row(sjp)])
    assert judged("DUP-01", sjp=sjp, admitted=DAY + datetime.timedelta(days=2))


@pytest.mark.parametrize("registered", [True, False])
def test_DUP_01_and_ADM_03_pass_a_control_visit_that_the_hospital_registered(registered):
    sjp, back = c.letter(), DAY + datetime.timedelta(days=10)
    Sjp.objects.filter(pk=sjp.pk).update(valid_until=DAY + datetime.timedelta(days=2))
    if registered:
        moment = datetime.datetime.combine(back, datetime.time(0, 30), tzinfo=timezone.get_default_timezone())
        Episode.objects.create(
            **{"sjp": sjp, "resident": sjp.resident, "hospital": sjp.hospital, "service": sjp.service},
            **{"identity_check": "KTP_SEEN", "admitted_at": moment, "admitted_by": sjp.issued_by},
        )
    result = c.take([c.row(sjp), c.row(sjp, admitted=back)], place=sjp.hospital)
    found_rules = {"ADM-03", "DUP-01"} & c.rules(result, 3)
    assert found_rules == (set() if registered else {"ADM-03", "DUP-01"})


def test_DUP_01_lets_a_corrected_row_replace_a_blocked_one():
    sjp = c.letter()
    c.take([c.row(sjp, KELAS_RAWAT="2")])
    assert judged("DUP-01", sjp=sjp) is None


def test_DUP_02_passes_a_transfer_on_the_same_day():
    (first, one), (second, two) = stays((DAY, 5), (DAY + datetime.timedelta(days=4), 3))
    second.hospital = c.hospital(1)
    second.save()
    c.take([c.row(first, **one)])
    assert judged("DUP-02", sjp=second, **two) is None


def test_DUP_02_finds_a_stay_at_another_hospital_and_says_where_and_when():
    (first, one), (second, two) = stays((DAY, 5), (DAY + datetime.timedelta(days=3), 3))
    second.hospital = c.hospital(1)
    second.save()
    c.take([c.row(first, **one)])
    evidence = judged("DUP-02", sjp=second, **two).evidence
    said = {"hospital": first.hospital.name, "from": "2026-10-12", "to": "2026-10-16"}
    assert evidence == {**said, "claim": str(Claim.objects.get(sjp=first).public_id)}


def test_DUP_03_passes_a_visit_after_the_stay():
    ((stay, when),) = stays((DAY, 3))
    later = DAY + datetime.timedelta(days=3)
    visit = c.letter(stay.resident, since=later)
    result = c.take([c.row(visit), c.row(stay, **when)])
    assert found(result, "DUP-03") is None


@pytest.mark.parametrize("stay_first", [True, False])
def test_DUP_03_finds_a_visit_inside_a_stay_in_whatever_order(stay_first):
    ((stay, when),) = stays((DAY, 3))
    visit = c.letter(stay.resident, since=DAY)
    rows = [c.row(visit), c.row(stay, **when)]
    result = c.take(rows[::-1] if stay_first else rows)
    assert found(result, "DUP-03", 3 if stay_first else 2)
    assert found(result, "DUP-03", 2 if stay_first else 3) is None


def test_DUP_04_passes_visits_on_two_days_and_asks_about_two_on_one():
    resident = f.make_resident()
    letters = [c.letter(resident) for _ in range(3)]
    next_day = DAY + datetime.timedelta(days=1)
    rows = [c.row(letters[0]), c.row(letters[1], admitted=next_day), c.row(letters[2])]
    result = c.take(rows)
    assert [bool(found(result, "DUP-04", line)) for line in (2, 3, 4)] == [False, False, True]


@pytest.mark.parametrize(("gap", "codes", "hit"), [(20, "A09.0", True), (40, "A09.0", False), (20, "I10", False)])
def test_DUP_05_asks_about_a_readmission_within_thirty_days_for_the_same_condition(gap, codes, hit):
    september = datetime.date(2026, 9, 1)
    again = september + datetime.timedelta(days=2 + gap)
    (first, one), (second, two) = stays((september, 3), (again, 2))
    c.take([c.row(first, **one)])
    result = c.take([c.row(second, DIAGLIST=codes, **two)])
    assert bool(found(result, "DUP-05")) is hit


# FRD, origin of the row


@pytest.mark.parametrize(
    ("values", "hit"),
    [
        ({"resident_since": DAY - datetime.timedelta(days=89), "relation": Relation.OTHER_RELATIVE}, True),
        ({"resident_since": DAY - datetime.timedelta(days=90), "relation": Relation.OTHER_RELATIVE}, False),
        ({"resident_since": DAY - datetime.timedelta(days=89), "relation": Relation.CHILD}, False),
    ],
)
def test_FRD_09_asks_about_relatives_who_moved_in_shortly_before_a_stay(values, hit):
    sjp = c.letter(f.make_resident(**values), service=STAY)
    assert bool(judged("FRD-09", sjp=sjp, days=3)) is hit


def test_HOS_01_passes_the_own_code_also_without_its_zeros():
    place = f.make_facility(code="0012345", hospital_class="C")
    f.make_contract(place)
    sjp = c.letter(to=place)
    assert judged("HOS-01", sjp=sjp, KODE_RS="12345") is None


def test_HOS_01_refuses_a_row_of_another_hospital():
    result = c.take([c.row(c.letter()), c.row(c.letter(), KODE_RS="3275999")])
    assert found(result, "HOS-01", 2) is None
    assert found(result, "HOS-01", 3).evidence == {"code": "3275999"}
    assert (result.accepted, result.refused) == (1, 1)


@pytest.mark.parametrize("payor", ["5;001", "00005;001", "5;1", " 5 ; 001 "])
def test_PAY_01_passes_the_programme_however_it_is_padded(payor):
    assert judged("PAY-01", PAYOR_ID=payor) is None


@pytest.mark.parametrize("payor", ["3;JKN", "5;002", "1;999", "51"])
def test_PAY_01_refuses_another_payor(payor):
    assert judged("PAY-01", PAYOR_ID=payor).evidence == {"payor": payor}


def test_all_findings_of_a_row_are_reported_not_only_the_first():
    result = c.take([c.row(c.letter(), KELAS_RAWAT="1", INACBG="Q-5-99-0", DIAGLIST="ZZZ", SEX="2")])
    assert {"CTR-02", "TRF-01", "CLN-01", "ADM-09"} <= c.rules(result)
    result = c.take([c.row(c.letter(), KODE_RS="3275999", PAYOR_ID="3;JKN", LOS="9", SEX="x"), c.row(c.letter())])
    assert c.rules(result) == {"ADM-01", "ADM-12", "HOS-01", "PAY-01"}


def test_a_refusing_finding_blocks_the_claim_others_do_not():
    sjp = c.letter()
    result = c.take([c.row(sjp, SEX="2"), c.row(c.letter(), KELAS_RAWAT="1")], place=sjp.hospital)
    states = [claim.state for claim in result.batch.claims.order_by("line_number")]
    assert states == [ClaimState.READY, ClaimState.BLOCKED]
    assert result.batch.claimed == result.batch.claims.get(state="READY").claimed
