from django.urls import path

from referrals import card_views, hospital_views, letter_views, newborn_views, views

app_name = "referrals"

urlpatterns = [
    # the clerk's journey
    path("", views.search, name="search"),
    path("pasien/<uuid:lookup_id>/", views.patient, name="patient"),
    path("pasien/<uuid:lookup_id>/anggota/", views.member, name="member"),
    path("pasien/<uuid:lookup_id>/jkn/", views.ask_jkn, name="ask_jkn"),
    path("pasien/<uuid:lookup_id>/rujukan/", views.refer, name="refer"),
    path("pasien/<uuid:lookup_id>/periksa/", views.check, name="check"),
    path("diagnosis/", views.find_diagnosis, name="find_diagnosis"),
    path("rumah-sakit/", views.find_hospital, name="find_hospital"),
    # letters
    path("surat/", letter_views.letter_list, name="letters"),
    path("surat/<uuid:letter_id>/", letter_views.letter, name="letter"),
    path("surat/<uuid:letter_id>/terbit/", views.issued, name="issued"),
    path("surat/<uuid:letter_id>/sjp/", letter_views.sjp_text, name="sjp_text"),
    path("surat/<uuid:letter_id>/rujukan/", letter_views.referral_text, name="referral_text"),
    path("surat/<uuid:letter_id>/cetak-sjp/", letter_views.print_sjp, name="print_sjp"),
    path("surat/<uuid:letter_id>/cetak-rujukan/", letter_views.print_referral, name="print_referral"),
    path("surat/<uuid:letter_id>/batal/", letter_views.cancel, name="cancel"),
    path("surat/<uuid:letter_id>/cabut/", letter_views.revoke, name="revoke"),
    path("surat/<uuid:letter_id>/perbarui/", letter_views.renew, name="renew"),
    path("surat/<uuid:letter_id>/rs-lain/", views.choose_again, name="choose_again"),
    # the hospital desk
    path("masuk/", hospital_views.inbox, name="inbox"),
    path("surat/<uuid:letter_id>/terima/", hospital_views.accept, name="accept"),
    path("surat/<uuid:letter_id>/tolak/", hospital_views.refuse, name="refuse"),
    path("surat/<uuid:letter_id>/kedatangan/", hospital_views.admit, name="admit"),
    path("episode/<uuid:episode_id>/pulang/", hospital_views.discharge, name="discharge"),
    path("kartu-darurat/<uuid:household_id>/", card_views.emergency_card, name="emergency_card"),
    # newborns
    path("bayi/", newborn_views.newborn_list, name="newborns"),
    path("bayi/catat/", newborn_views.record, name="record_newborn"),
    path("bayi/<uuid:newborn_id>/", newborn_views.newborn, name="newborn"),
    path("bayi/<uuid:newborn_id>/sjp/", newborn_views.request_sjp, name="request_newborn_sjp"),
    path("bayi/<uuid:newborn_id>/pengingat/", newborn_views.remind, name="remind_newborn"),
    path("bayi/permintaan/<uuid:request_id>/", newborn_views.newborn_request, name="newborn_request"),
    path("bayi/permintaan/<uuid:request_id>/terbitkan/", newborn_views.issue_newborn_sjp, name="issue_newborn_sjp"),
    path("bayi/permintaan/<uuid:request_id>/tolak/", newborn_views.decline_newborn_sjp, name="decline_newborn_sjp"),
]
