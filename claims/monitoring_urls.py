"""The address of BPJS V-Claim a SIMRS already knows, answered by us."""

from django.urls import path

from claims.views.monitoring import claim_status

app_name = "vclaim"

urlpatterns = [
    path(
        "vclaim-rest/Monitoring/Klaim/Tanggal/<str:discharged_on>/JnsPelayanan/<int:care_type>/Status/<int:status>",
        claim_status,
        name="claim_status",
    )
]
