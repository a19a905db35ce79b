from django.urls import path

from referrals.views import ambulance, approvals, cards, clerk, complement, hospital, letters, moves, newborns, series

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
    path("surat/<uuid:letter_id>/tarik/", letters.withdraw, name="withdraw"),
    # what Dinkes decides on
    path("persetujuan/", approvals.approvals, name="approvals"),
    path("persetujuan/surat/<uuid:letter_id>/", approvals.decide, name="decide"),
    path("persetujuan/perpanjangan/<uuid:extension_id>/", approvals.decide_extension, name="decide_extension"),
    path("surat/<uuid:letter_id>/perpanjang/", approvals.extend, name="extend"),
    # to another hospital, and beside JKN
    path("surat/<uuid:letter_id>/pindah/", moves.move, name="move"),
    path("surat/<uuid:letter_id>/berangkat/", moves.depart, name="depart"),
    path("pasien/<uuid:lookup_id>/pelengkap/", complement.request_complement, name="request_complement"),
    path("bukti/<uuid:proof_id>/", complement.proof, name="proof"),
    # ambulance trips
    path("ambulans/", ambulance.trips, name="trips"),
    path("surat/<uuid:letter_id>/ambulans/", ambulance.request_trip, name="request_trip"),
    path("ambulans/<uuid:trip_id>/", ambulance.complete_trip, name="complete_trip"),
    # series of sessions
    path("seri/", series.series_list, name="series_list"),
    path("seri/<uuid:series_id>/", series.series, name="series"),
    path("seri/<uuid:series_id>/sesi/", series.register_session, name="register_session"),
    path("seri/<uuid:series_id>/surat/", series.renew_series, name="renew_series"),
    path("seri/<uuid:series_id>/akhiri/", series.end_series, name="end_series"),
    path("surat/<uuid:letter_id>/seri/", series.begin_series, name="begin_series"),
    # the hospital desk
    path("masuk/", hospital.inbox, name="inbox"),
    path("surat/<uuid:letter_id>/terima/", hospital.accept, name="accept"),
    path("surat/<uuid:letter_id>/tolak/", hospital.refuse, name="refuse"),
    path("surat/<uuid:letter_id>/kedatangan/", hospital.admit, name="admit"),
    path("episode/<uuid:episode_id>/pulang/", hospital.discharge, name="discharge"),
    path("kartu-darurat/<uuid:household_id>/", cards.emergency_card, name="emergency_card"),
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
