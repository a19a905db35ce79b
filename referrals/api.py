"""Letters for hospital systems, read-only: ``GET /api/v1/sjp/`` and ``/api/v1/sjp/<public_id>/`` of the own hospital."""

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination

from facilities.enums import Role
from facilities.permissions import RequiresRole
from ksb.core import journal
from ksb.core.formats import mask_identity
from referrals.filters import SjpFilter
from referrals.models import Sjp


class IsHospital(RequiresRole):
    roles = (Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER)


class NewestFirst(CursorPagination):
    ordering = "-id"
    page_size = 50


class SjpListSerializer(serializers.ModelSerializer):
    """One letter of a list: identity masked. Dates are ISO; ``nik`` is text, as every number of a person."""

    id = serializers.UUIDField(source="public_id")
    nik = serializers.SerializerMethodField()
    name = serializers.CharField(source="patient_name")
    puskesmas = serializers.CharField(source="puskesmas.code")
    hospital = serializers.CharField(source="hospital.code")
    specialty = serializers.CharField(source="specialty_id")
    referral_state = serializers.CharField(source="referral.state", default="")

    class Meta:
        model = Sjp
        fields = [
            "id",
            "number",
            "state",
            "referral_state",
            "service",
            "specialty",
            "puskesmas",
            "hospital",
            "nik",
            "name",
            "valid_from",
            "valid_until",
            "issued_at",
        ]

    def get_nik(self, sjp) -> str:
        return mask_identity(sjp.patient_nik) if sjp.patient_nik else ""


class SjpSerializer(SjpListSerializer):
    """One letter in full, for registering the patient. Who has no NIK (a newborn, rule C24) has an empty ``nik``."""

    birth_date = serializers.DateField(source="patient_born_on")
    sex = serializers.SerializerMethodField()
    diagnosis = serializers.CharField(source="diagnosis_id")
    referral_number = serializers.CharField(source="referral.number", default="")
    decision = serializers.CharField(source="decision.decision")

    class Meta(SjpListSerializer.Meta):
        fields = [
            *SjpListSerializer.Meta.fields,
            *["birth_date", "sex", "diagnosis", "referral_number", "decision", "used_at"],
        ]

    def get_nik(self, sjp) -> str:
        return sjp.patient_nik

    def get_sex(self, sjp) -> int:
        return (sjp.child or sjp.person).sex


class SjpViewSet(viewsets.ReadOnlyModelViewSet):
    """SJPs addressed to the hospital of whoever asks, newest first."""

    permission_classes = [IsHospital]
    filter_backends = [DjangoFilterBackend]
    filterset_class = SjpFilter
    pagination_class = NewestFirst
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    queryset = Sjp.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Sjp.objects.visible_to(self.request.user).with_names()

    def get_serializer_class(self):
        return SjpSerializer if self.action == "retrieve" else SjpListSerializer

    def retrieve(self, request, *args, **kwargs):
        response = super().retrieve(request, *args, **kwargs)
        journal.record("sjp.read", self.get_object(), actor=request.user)
        return response
