from django.urls import path

from facilities import bed_views, contract_views, network_views, roster_views

app_name = "facilities"

urlpatterns = [
    path("tempat-tidur/", bed_views.desk, name="beds"),
    path("tempat-tidur/tetap/", bed_views.confirm, name="beds_confirm"),
    path("tempat-tidur/belum-lapor/", bed_views.silent, name="beds_silent"),
    path("tempat-tidur/kunci/", bed_views.keys, name="bed_keys"),
    path("tempat-tidur/kunci/<int:key_id>/cabut/", bed_views.revoke_key, name="revoke_bed_key"),
    path("", network_views.facilities, name="facilities"),
    path("baru/", network_views.new_facility, name="new_facility"),
    path("perhatian/", contract_views.attention, name="attention"),
    path("penghentian/<int:suspension_id>/cabut/", network_views.lift, name="lift"),
    path("kontrak/<uuid:contract_id>/", contract_views.contract, name="contract"),
    path("kontrak/<uuid:contract_id>/adendum/", contract_views.amend, name="amend"),
    path("kontrak/<uuid:contract_id>/akhiri/", contract_views.end, name="end_contract"),
    path("kontrak/<uuid:contract_id>/rekening/", contract_views.propose_account, name="propose_account"),
    path("rekening/<uuid:change_id>/setujui/", contract_views.approve_account, name="approve_account"),
    path("rekening/<uuid:change_id>/tolak/", contract_views.refuse_account, name="refuse_account"),
    path("dokter/", roster_views.own_roster, name="own_roster"),
    path("dokter/<int:doctor_id>/", roster_views.doctor, name="doctor"),
    path("<slug:facility_code>/", network_views.facility, name="facility"),
    path("<slug:facility_code>/ubah/", network_views.change_facility, name="change_facility"),
    path("<slug:facility_code>/kelas/", network_views.change_standing, name="change_standing"),
    path("<slug:facility_code>/hentikan/", network_views.suspend, name="suspend"),
    path("<slug:facility_code>/riwayat/", network_views.facility_history, name="facility_history"),
    path("<slug:facility_code>/kontrak/", contract_views.new_contract, name="new_contract"),
    path("<slug:facility_code>/dokter/", roster_views.doctors, name="doctors"),
    path("<slug:facility_code>/dokter/baru/", roster_views.new_doctor, name="new_doctor"),
]
