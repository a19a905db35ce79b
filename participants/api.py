"""Eligibility for programs of hospitals and Puskesmas. The NIK travels in the body, never in an address."""

from functools import cache

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from facilities.enums import Service
from facilities.permissions import RequiresRole
from ksb.core.errors import Refused
from participants.enums import Decision
from participants.lookups import LOOK_UP_ROLES, look_up


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


@cache
def _fields():
    """The fields of Question, made once: a serializer made for each request would take longer than the look-up."""
    return Question().fields.items()


def _asked(data):
    """Validated values of Question out of ``data``. Raises ValidationError with all that is wrong."""
    if not isinstance(data, dict):
        raise serializers.ValidationError({"detail": _("Send an object with the number and the service.")})
    values, errors = {}, {}
    for name, field in _fields():
        try:
            values[name] = field.run_validation(data.get(name, serializers.empty))
        except serializers.SkipField:
            continue
        except serializers.ValidationError as error:
            errors[name] = error.detail
    if errors:
        raise serializers.ValidationError(errors)
    return values


class OnlyJson(BaseContentNegotiation):
    """There is one form of answer: nothing to negotiate."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class MayLookUp(RequiresRole):
    roles = LOOK_UP_ROLES


class EligibilityView(ViewSet):
    """May this person be served, and why (not)?"""

    permission_classes = [MayLookUp]
    content_negotiation_class = OnlyJson

    @extend_schema(request=Question, responses=Answer)
    def create(self, request):
        asked = _asked(request.data)
        try:
            lookup = look_up(actor=request.user, purpose="API", at=timezone.now(), **asked)
        except Refused as refusal:
            if refusal.code == "C02":
                raise NotFound({"detail": refusal.message, "code": refusal.code}) from refusal
            raise
        return Response({"lookup": lookup.pk, "nik": asked["nik"], **lookup.evaluation.as_json()})
