"""Families, applications, cards, exchange files. Addresses hold opaque ids only."""

from django.urls import path

from participants.views import cards, enrolments, families, special, sync

app_name = "participants"

urlpatterns = [
    path("keluarga/", families.search, name="families"),
    path("keluarga/<uuid:household_id>/", families.family, name="family"),
    path("keluarga/<uuid:household_id>/daftar/", enrolments.apply, name="apply"),
    path("keluarga/<uuid:household_id>/asuransi/", families.insurance, name="insurance"),
    path("keluarga/<uuid:household_id>/kartu/", cards.order, name="order_card"),
    path("pendaftaran/", enrolments.worklist, name="applications"),
    path("pendaftaran/<uuid:enrolment_id>/", enrolments.application, name="application"),
    path("pendaftaran/<uuid:enrolment_id>/perbaiki/", enrolments.correct, name="correct"),
    path("pendaftaran/<uuid:enrolment_id>/setujui/", enrolments.approve, name="approve"),
    path("pendaftaran/<uuid:enrolment_id>/lapangan/", enrolments.order_field_check, name="order_field_check"),
    path("pendaftaran/<uuid:enrolment_id>/kembalikan/", enrolments.send_back, name="send_back"),
    path("pendaftaran/<uuid:enrolment_id>/tolak/", enrolments.reject, name="reject"),
    path("pendaftaran/<uuid:enrolment_id>/tangguhkan/", enrolments.suspend, name="suspend"),
    path("pendaftaran/<uuid:enrolment_id>/pulihkan/", enrolments.resume, name="resume"),
    path("pendaftaran/<uuid:enrolment_id>/akhiri/", enrolments.end, name="end"),
    path("pendaftaran/<uuid:enrolment_id>/tanda-terima/", enrolments.receipt, name="receipt"),
    path("pendaftaran/<uuid:enrolment_id>/surat-penolakan/", enrolments.rejection, name="rejection"),
    path("kartu/", cards.worklist, name="cards"),
    path("kartu/setujui/", cards.act, {"move": "approve"}, name="approve_cards"),
    path("kartu/tercetak/", cards.act, {"move": "mark_printed"}, name="mark_printed_cards"),
    path("kartu/siap/", cards.act, {"move": "make_ready"}, name="make_ready_cards"),
    path("kartu/berkas-cetak/", cards.print_file, name="print_cards"),
    path("kartu/<uuid:card_id>/pdf/", cards.pdf, name="card_pdf"),
    path("kartu/<uuid:card_id>/serahkan/", cards.hand_over, name="hand_over"),
    path("kartu/<uuid:card_id>/blokir/", cards.block, name="block"),
    path("khusus/", special.special_covers, name="special_covers"),
    path("khusus/baru/", special.new_special_cover, name="new_special_cover"),
    path("khusus/<uuid:special_id>/", special.special_cover, name="special_cover"),
    path("khusus/<uuid:special_id>/setujui/", special.approve_special_cover, name="approve_special_cover"),
    path(
        "khusus/<uuid:special_id>/tolak/",
        special.close_special_cover,
        {"move": "refuse"},
        name="refuse_special_cover",
    ),
    path("khusus/<uuid:special_id>/akhiri/", special.close_special_cover, {"move": "end"}, name="end_special_cover"),
    path("kejadian/", special.special_events, name="special_events"),
    path("kejadian/baru/", special.new_special_event, name="new_special_event"),
    path("kejadian/<uuid:event_id>/", special.special_event, name="special_event"),
    path("kejadian/<uuid:event_id>/daftar/", special.list_event_people, name="list_event_people"),
    path("kejadian/<uuid:event_id>/setujui/", special.approve_special_event, name="approve_special_event"),
    path(
        "kejadian/<uuid:event_id>/tolak/",
        special.close_special_event,
        {"move": "refuse"},
        name="refuse_special_event",
    ),
    path("kejadian/<uuid:event_id>/akhiri/", special.close_special_event, {"move": "end"}, name="end_special_event"),
    path("pertukaran/", sync.sync_runs, name="sync_runs"),
    path("pertukaran/<int:run_id>/", sync.sync_run, name="sync_run"),
    path("pertukaran/<int:run_id>/setujui/", sync.approve_run, name="approve_run"),
    path("pertukaran/<int:run_id>/tolak/", sync.refuse_run, name="refuse_run"),
]
