from django.urls import path

from referrals.views import cards, clerk, episode, follow_up, hospital, letters, newborns, today

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
    path("surat/<uuid:letter_id>/kedatangan/", episode.admit, name="admit"),
    path("episode/<uuid:episode_id>/pulang/", episode.discharge, name="discharge"),
    path("episode/<uuid:episode_id>/", episode.episode, name="episode"),
    path("episode/<uuid:episode_id>/selesai/", episode.finish, name="finish"),
    path("episode/<uuid:episode_id>/resume/", episode.write_resume, name="resume"),
    path("episode/<uuid:episode_id>/resume/baca/", episode.resume_text, name="resume_text"),
    path("episode/<uuid:episode_id>/resume/cetak/", episode.print_resume, name="print_resume"),
    path("episode/<uuid:episode_id>/kontrol/", episode.write_control, name="write_control"),
    path("episode/<uuid:episode_id>/poli-lain/", episode.refer_internally, name="refer_internally"),
    path("episode/<uuid:episode_id>/rujuk-balik/", episode.send_back, name="send_back"),
    path("kontrol/<uuid:control_id>/baca/", episode.control_text, name="control_text"),
    path("kontrol/<uuid:control_id>/cetak/", episode.print_control, name="print_control"),
    path("kontrol/<uuid:control_id>/batal/", episode.cancel_control, name="cancel_control"),
    # the desk's day
    path("hari-ini/", today.desk, name="today"),
    path("cari/", today.find_own, name="find_own"),
    path("serah-terima/", today.handovers, name="handovers"),
    path("serah-terima/<uuid:handover_id>/baca/", today.read_handover, name="read_handover"),
    # back at the Puskesmas
    path("rujuk-balik/", follow_up.back_referrals, name="back_referrals"),
    path("rujuk-balik/<uuid:back_id>/", follow_up.back, name="back"),
    path("rujuk-balik/<uuid:back_id>/kunjungan/", follow_up.record_visit, name="record_visit"),
    path("rujuk-balik/<uuid:back_id>/terima/", follow_up.accept_back, name="accept_back"),
    path("rujuk-balik/<uuid:back_id>/selesai/", follow_up.end_back, name="end_back"),
    path("rujuk-balik/<uuid:back_id>/baca/", follow_up.back_text, name="back_text"),
    path("rujuk-balik/<uuid:back_id>/cetak/", follow_up.print_back, name="print_back"),
    path("program-kronis/", follow_up.chronic, name="chronic"),
    path("tidak-datang/surat/<uuid:letter_id>/", follow_up.missed_letter, name="missed_letter"),
    path("tidak-datang/kontrol/<uuid:control_id>/", follow_up.missed_control, name="missed_control"),
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
