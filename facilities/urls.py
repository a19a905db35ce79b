from django.urls import path

from facilities.views import beds, contracts, network, prices, roster

app_name = "facilities"

urlpatterns = [
    path("tempat-tidur/", beds.desk, name="beds"),
    path("tempat-tidur/tetap/", beds.confirm, name="beds_confirm"),
    path("tempat-tidur/belum-lapor/", beds.silent, name="beds_silent"),
    path("tempat-tidur/kunci/", beds.keys, name="bed_keys"),
    path("tempat-tidur/kunci/<int:key_id>/cabut/", beds.revoke_key, name="revoke_bed_key"),
    path("", network.facilities, name="facilities"),
    path("baru/", network.new_facility, name="new_facility"),
    path("perhatian/", contracts.attention, name="attention"),
    path("penghentian/<int:suspension_id>/cabut/", network.lift, name="lift"),
    path("kontrak/<uuid:contract_id>/", contracts.contract, name="contract"),
    path("kontrak/<uuid:contract_id>/adendum/", contracts.amend, name="amend"),
    path("kontrak/<uuid:contract_id>/akhiri/", contracts.end, name="end_contract"),
    path("kontrak/<uuid:contract_id>/rekening/", contracts.propose_account, name="propose_account"),
    path("rekening/<uuid:change_id>/setujui/", contracts.approve_account, name="approve_account"),
    path("rekening/<uuid:change_id>/tolak/", contracts.refuse_account, name="refuse_account"),
    path("tarif/", prices.price_search, name="prices"),
    path("tarif/tabel/", prices.price_tables, name="price_tables"),
    path("tarif/tabel/baru/", prices.new_price_table, name="new_price_table"),
    path("tarif/tabel/<uuid:price_table_id>/", prices.price_table, name="price_table"),
    path("tarif/tabel/<uuid:price_table_id>/setujui/", prices.approve_prices, name="approve_prices"),
    path("tarif/tabel/<uuid:price_table_id>/tolak/", prices.reject_prices, name="reject_prices"),
    path("dokter/", roster.own_roster, name="own_roster"),
    path("dokter/<int:doctor_id>/", roster.doctor, name="doctor"),
    path("<slug:facility_code>/", network.facility, name="facility"),
    path("<slug:facility_code>/ubah/", network.change_facility, name="change_facility"),
    path("<slug:facility_code>/kelas/", network.change_standing, name="change_standing"),
    path("<slug:facility_code>/hentikan/", network.suspend, name="suspend"),
    path("<slug:facility_code>/riwayat/", network.facility_history, name="facility_history"),
    path("<slug:facility_code>/kontrak/", contracts.new_contract, name="new_contract"),
    path("<slug:facility_code>/dokter/", roster.doctors, name="doctors"),
    path("<slug:facility_code>/dokter/baru/", roster.new_doctor, name="new_doctor"),
]
