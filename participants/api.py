"""Eligibility for programs of hospitals and Puskesmas. The NIK travels in the body, never in an address."""

import json
import re
from functools import cache

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from facilities.enums import Service
from facilities.permissions import RequiresRole
from ksb.core.errors import Refused
from ksb.core.refusals import as_json, headers_of, status_of
from participants.enums import Decision
from participants.lookups import LOOK_UP_ROLES, UnknownToken, look_up, look_up_for_program

PURPOSE = "API"
_NIK = re.compile(r"[0-9]{16}")


class TextField(serializers.RegexField):
    """Text and nothing else: a NIK sent as a number has lost digits on its way through other programs."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Question(serializers.Serializer):
    nik = TextField(
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


def _needs_no_care(data):
    """Nearly every question is a sound NIK and a service, nothing else: Question would say the same in ten times as long."""
    nik = data.get("nik")
    return (
        data.keys() == {"nik", "service"}
        and isinstance(nik, str)
        and _NIK.fullmatch(nik) is not None
        and data["service"] in Service.values
    )


def _asked(data):
    """Validated values of Question out of ``data``. Raises ValidationError with all that is wrong."""
    if not isinstance(data, dict):
        raise serializers.ValidationError({"detail": _("Send an object with the number and the service.")})
    if _needs_no_care(data):
        return data
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


class MayLookUp(RequiresRole):
    roles = LOOK_UP_ROLES


class EligibilityView(ViewSet):
    """May this person be served, and why (not)?"""

    permission_classes = [MayLookUp]

    def dispatch(self, request, *args, **kwargs):
        """A program's question is answered at once: the framework's round would take longer than the decision."""
        token = _token(request)
        if token and request.method == "POST":
            return _answer_program(request, token)
        return super().dispatch(request, *args, **kwargs)

    @extend_schema(request=Question, responses=Answer)
    def create(self, request):
        asked = _asked(request.data)
        try:
            lookup = look_up(actor=request.user, purpose=PURPOSE, at=timezone.now(), **asked)
        except Refused as refusal:
            return Response(as_json(refusal), status=_status(refusal), headers=headers_of(refusal))
        return Response({"lookup": str(lookup.pk), "nik": asked["nik"], **lookup.evaluation.as_json()})


def _token(request):
    """The token of ``Authorization: Token ...``, empty when there is none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "token" else ""


def _answer_program(request, token):
    try:
        asked = _asked(json.loads(request.body))
        lookup = look_up_for_program(token=token, purpose=PURPOSE, at=timezone.now(), **asked)
    except ValueError:
        return JsonResponse({"detail": _("The body is no JSON.")}, status=400)
    except serializers.ValidationError as error:
        return JsonResponse(error.detail, status=400)
    except Refused as refusal:
        return JsonResponse(as_json(refusal), status=_status(refusal), headers=headers_of(refusal))
    text = lookup.evaluation.as_text(lookup=str(lookup.pk), nik=asked["nik"])
    return HttpResponse(text, content_type="application/json")


def _status(refusal):
    if isinstance(refusal, UnknownToken):
        return 401
    return 404 if refusal.code == "C02" else status_of(refusal)
