from django.urls import path

from referrals.views import cards, clerk, emergency, emergency_officer, hospital, letters, newborns

app_name = "referrals"

urlpatterns = [
    # the clerk's journey
    path("", clerk.search, name="search"),
    path("pasien/<uuid:lookup_id>/", clerk.patient, name="patient"),
    path("pasien/<uuid:lookup_id>/anggota/", clerk.member, name="member"),
    path("pasien/<uuid:lookup_id>/jkn/", clerk.ask_jkn, name="ask_jkn"),
    path("pasien/<uuid:lookup_id>/rujukan/", clerk.refer, name="refer"),
    path("pasien/<uuid:lookup_id>/periksa/", clerk.check, name="check"),
    path("diagnosis/", clerk.find_diagnosis, name="find_diagnosis"),
    path("rumah-sakit/", clerk.find_hospital, name="find_hospital"),
    # letters
    path("surat/", letters.letter_list, name="letters"),
    path("surat/<uuid:letter_id>/", letters.letter, name="letter"),
    path("surat/<uuid:letter_id>/terbit/", clerk.issued, name="issued"),
    path("surat/<uuid:letter_id>/sjp/", letters.sjp_text, name="sjp_text"),
    path("surat/<uuid:letter_id>/rujukan/", letters.referral_text, name="referral_text"),
    path("surat/<uuid:letter_id>/cetak-sjp/", letters.print_sjp, name="print_sjp"),
    path("surat/<uuid:letter_id>/cetak-rujukan/", letters.print_referral, name="print_referral"),
    path("surat/<uuid:letter_id>/batal/", letters.cancel, name="cancel"),
    path("surat/<uuid:letter_id>/cabut/", letters.revoke, name="revoke"),
    path("surat/<uuid:letter_id>/perbarui/", letters.renew, name="renew"),
    path("surat/<uuid:letter_id>/rs-lain/", clerk.choose_again, name="choose_again"),
    # the hospital desk
    path("masuk/", hospital.inbox, name="inbox"),
    path("surat/<uuid:letter_id>/terima/", hospital.accept, name="accept"),
    path("surat/<uuid:letter_id>/tolak/", hospital.refuse, name="refuse"),
    path("surat/<uuid:letter_id>/kedatangan/", hospital.admit, name="admit"),
    path("episode/<uuid:episode_id>/pulang/", hospital.discharge, name="discharge"),
    path("kartu-darurat/<uuid:household_id>/", cards.emergency_card, name="emergency_card"),
    # emergencies
    path("gawat-darurat/", emergency.emergencies, name="emergencies"),
    path("gawat-darurat/lapor/", emergency.begin_emergency, name="begin_emergency"),
    path("gawat-darurat/lapor/tanpa-identitas/", emergency.report_unknown, name="report_unknown"),
    path("gawat-darurat/lapor/<uuid:lookup_id>/", emergency.report_emergency, name="report_emergency"),
    path("gawat-darurat/<uuid:emergency_id>/", emergency.emergency, name="emergency"),
    path("gawat-darurat/<uuid:emergency_id>/jawab/", emergency.answer_emergency, name="answer_emergency"),
    path("gawat-darurat/<uuid:emergency_id>/identitas/", emergency.identify_emergency, name="identify_emergency"),
    path("gawat-darurat/<uuid:emergency_id>/penjamin/", emergency.emergency_payer, name="emergency_payer"),
    path("gawat-darurat/<uuid:emergency_id>/stabil/", emergency.emergency_stable, name="emergency_stable"),
    path("gawat-darurat/<uuid:emergency_id>/berkas/", emergency.attach_emergency_paper, name="attach_emergency_paper"),
    path("gawat-darurat/<uuid:emergency_id>/surat/", emergency.emergency_text, name="emergency_text"),
    path("gawat-darurat/<uuid:emergency_id>/cetak/", emergency.print_emergency, name="print_emergency"),
    path("gawat-darurat/berkas/<uuid:paper_id>/", emergency.emergency_paper, name="emergency_paper"),
    path("gawat-darurat/<uuid:emergency_id>/setujui/", emergency_officer.approve_emergency, name="approve_emergency"),
    path("gawat-darurat/<uuid:emergency_id>/izin/", emergency_officer.permit_emergency, name="permit_emergency"),
    path("gawat-darurat/<uuid:emergency_id>/tanya/", emergency_officer.ask_emergency, name="ask_emergency"),
    path("gawat-darurat/<uuid:emergency_id>/tolak/", emergency_officer.decline_emergency, name="decline_emergency"),
    # newborns
    path("bayi/", newborns.newborn_list, name="newborns"),
    path("bayi/catat/", newborns.record, name="record_newborn"),
    path("bayi/<uuid:newborn_id>/", newborns.newborn, name="newborn"),
    path("bayi/<uuid:newborn_id>/sjp/", newborns.request_sjp, name="request_newborn_sjp"),
    path("bayi/<uuid:newborn_id>/pengingat/", newborns.remind, name="remind_newborn"),
    path("bayi/permintaan/<uuid:request_id>/", newborns.newborn_request, name="newborn_request"),
    path("bayi/permintaan/<uuid:request_id>/terbitkan/", newborns.issue_newborn_sjp, name="issue_newborn_sjp"),
    path("bayi/permintaan/<uuid:request_id>/tolak/", newborns.decline_newborn_sjp, name="decline_newborn_sjp"),
]
