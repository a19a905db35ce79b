"""Eligibility for programs of hospitals and Puskesmas. The NIK travels in the body, never in an address."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from facilities.enums import Service
from ksb.core.errors import Refused
from participants.enums import Decision
from participants.lookups import look_up


class Question(serializers.Serializer):
    nik = serializers.RegexField(
        r"^[0-9]{16}$", help_text="16 digits, as text", error_messages={"invalid": _("A NIK has 16 digits.")}
    )
    on = serializers.DateField(required=False, help_text="service date; today unless given")
    service = serializers.ChoiceField(Service.choices, default=Service.OUTPATIENT)


class ReasonAnswer(serializers.Serializer):
    """One rule that applies: what it says in both languages, under which law, from which source of which date."""

    rule = serializers.CharField()
    blocking = serializers.BooleanField()
    effect = serializers.CharField(allow_blank=True)
    message_id = serializers.CharField()
    message_en = serializers.CharField()
    law = serializers.CharField()
    source = serializers.CharField()
    source_date = serializers.DateField(allow_null=True)


class Answer(serializers.Serializer):
    """The decision with every reason, and the number of this look-up in the audit trail."""

    lookup = serializers.UUIDField()
    nik = serializers.CharField()
    on = serializers.DateField()
    service = serializers.ChoiceField(Service.choices)
    scheme = serializers.CharField(allow_null=True)
    decision = serializers.ChoiceField(Decision.choices)
    headline_rule = serializers.CharField()
    reasons = ReasonAnswer(many=True)
    passed = ReasonAnswer(many=True)
    next_change_on = serializers.DateField(allow_null=True)
    facts = serializers.DictField()


class EligibilityView(ViewSet):
    """May this person be served, and why (not)?"""

    @extend_schema(request=Question, responses=Answer)
    def create(self, request):
        question = Question(data=request.data)
        question.is_valid(raise_exception=True)
        asked = question.validated_data
        try:
            lookup = look_up(actor=request.user, purpose="API", at=timezone.now(), **asked)
        except Refused as refusal:
            if refusal.code == "C02":
                raise NotFound({"detail": refusal.message, "code": refusal.code}) from refusal
            raise
        return Response({"lookup": lookup.pk, "nik": asked["nik"], **lookup.evaluation.as_json()})
