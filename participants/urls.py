"""Families, applications, cards, exchange files. Addresses hold opaque ids only."""

from django.urls import path

from participants.views import applications, cards, enrolments, families, imports, signals, sync

app_name = "participants"

urlpatterns = [
    path("keluarga/", families.search, name="families"),
    path("keluarga/nama/", families.find_people, name="find_people"),
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
    path("pendaftaran/<uuid:enrolment_id>/bandingkan/", applications.compare, name="compare"),
    path("pendaftaran/<uuid:enrolment_id>/kunjungan/", applications.field_check, name="field_check"),
    path("pendaftaran/<uuid:enrolment_id>/berkas/", applications.attach, name="attach"),
    path("pendaftaran/<uuid:enrolment_id>/keberatan/", applications.appeal, name="appeal"),
    path("keluarga/<uuid:household_id>/laporan/", signals.report, name="report_signal"),
    path("daftar-lama/", imports.imports, name="imports"),
    path("daftar-lama/<uuid:import_id>/", imports.report, name="import_report"),
    path("daftar-lama/<uuid:import_id>/baris/", imports.lines, name="import_lines"),
    path("sinyal/", signals.signals, name="signals"),
    path("sinyal/<uuid:signal_id>/", signals.signal, name="signal"),
    path("kunjungan/", applications.field_checks, name="field_checks"),
    path("berkas/<uuid:document_id>/", applications.document, name="document"),
    path("kartu/", cards.worklist, name="cards"),
    path("kartu/setujui/", cards.act, {"move": "approve"}, name="approve_cards"),
    path("kartu/tercetak/", cards.act, {"move": "mark_printed"}, name="mark_printed_cards"),
    path("kartu/siap/", cards.act, {"move": "make_ready"}, name="make_ready_cards"),
    path("kartu/berkas-cetak/", cards.print_file, name="print_cards"),
    path("kartu/<uuid:card_id>/pdf/", cards.pdf, name="card_pdf"),
    path("kartu/<uuid:card_id>/serahkan/", cards.hand_over, name="hand_over"),
    path("kartu/<uuid:card_id>/blokir/", cards.block, name="block"),
    path("pertukaran/", sync.sync_runs, name="sync_runs"),
    path("pertukaran/<int:run_id>/", sync.sync_run, name="sync_run"),
    path("pertukaran/<int:run_id>/setujui/", sync.approve_run, name="approve_run"),
    path("pertukaran/<int:run_id>/tolak/", sync.refuse_run, name="refuse_run"),
]
