"""Claims from hospitals' programs (SIMRS): rows by the names of e-Klaim's columns, judged in the words of the screen.

``POST /api/v1/claims/`` hands in, ``GET`` tells what became of each. A repeat under the same ``Idempotency-Key`` is answered
with the first answer and does nothing.
"""

import hashlib
import io
import json
import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from claims.enums import ClaimState, RowStatus, Severity, Source
from claims.intake import take_in
from claims.intake.columns import COLUMNS
from claims.models import Claim, ProgramRequest
from claims.permissions import BILLERS
from facilities.models import Facility
from facilities.permissions import RequiresRole
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from ksb.core.refusals import as_json, status_of

MOST_ROWS = 1000
LONGEST_CELL = 4000
KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
OTHER_BODY = gettext_lazy("This Idempotency-Key was used for another body. Use a new key for a new hand-in.")
BUSY = {"one_answer_per_key": gettext_lazy("The first request with this Idempotency-Key is still being answered.")}


class CellField(serializers.CharField):
    """The text of one cell, as e-Klaim writes it: on one line, never a number."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        if re.search(r"[\t\r\n\x00]", data):
            raise serializers.ValidationError(_("A cell is one line without tabs."))
        return super().to_internal_value(data)


class RowsSerializer(serializers.Serializer):
    """Rows of e-Klaim, each an object from column name to text. Older versions may lack the last 2 or 18 columns."""

    rows = serializers.ListField(
        child=serializers.DictField(
            child=CellField(allow_blank=True, max_length=LONGEST_CELL, trim_whitespace=False), allow_empty=False
        ),
        min_length=1,
        max_length=MOST_ROWS,
    )

    def validate_rows(self, rows):
        unknown = sorted({name for row in rows for name in row} - set(COLUMNS))
        if unknown:
            shown = ", ".join(map(ascii, unknown))[:200]
            raise serializers.ValidationError(_("Unknown columns: %(names)s.") % {"names": shown})
        return rows


class FoundSerializer(serializers.Serializer):
    rule = serializers.CharField()
    severity = serializers.ChoiceField(Severity.choices)
    message_id = serializers.CharField()
    message_en = serializers.CharField()


class RowAnswer(serializers.Serializer):
    """What became of one row; ``row`` counts from 1. ``claim`` is empty when the row could not become a claim."""

    row = serializers.IntegerField()
    sep = serializers.CharField()
    status = serializers.ChoiceField([choice for choice in RowStatus.choices if choice[0] != RowStatus.CORRECTED])
    state = serializers.CharField()
    claim = serializers.UUIDField(allow_null=True)
    findings = FoundSerializer(many=True)


class HandInAnswer(serializers.Serializer):
    """``accepted + refused == rows``; ``replaced`` rows are new versions, ``unchanged`` ones were known already."""

    batch = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    refused = serializers.IntegerField()
    replaced = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    lines = RowAnswer(many=True)


class ClaimSerializer(serializers.ModelSerializer):
    """One claim as it stands. Money is whole rupiah; ``approved`` is null until it is decided."""

    id = serializers.UUIDField(source="public_id")
    batch = serializers.CharField(source="batch.number")
    sep = serializers.CharField(source="reference")
    findings = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = [
            *["id", "batch", "line_number", "sep", "state", "version", "admitted_on", "discharged_on", "inacbg"],
            *["claimed", "tariff", "approved", "findings"],
        ]

    @extend_schema(responses=FoundSerializer(many=True))
    def get_findings(self, claim) -> list[dict]:
        return [_found(finding) for finding in claim.findings.all()]


class IsBiller(RequiresRole):
    roles = BILLERS


class NewestFirst(CursorPagination):
    ordering = "-id"
    page_size = 50


class ClaimViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Claims of the own hospital."""

    permission_classes = [IsBiller]
    pagination_class = NewestFirst
    serializer_class = ClaimSerializer
    filter_backends = []
    lookup_field = "public_id"
    lookup_url_kwarg = "claim_id"
    lookup_value_converter = "uuid"
    queryset = Claim.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Claim.objects.visible_to(self.request.user).select_related("batch").prefetch_related("findings")
        state = self.request.query_params.get("state", "")
        return rows.filter(state=state) if state in ClaimState.values else rows

    @extend_schema(parameters=[OpenApiParameter("state", enum=ClaimState.values)])
    def list(self, request, *args, **kwargs):
        return super().list(request, *args, **kwargs)

    def retrieve(self, request, *args, **kwargs):
        response = super().retrieve(request, *args, **kwargs)
        journal.record("claim.view", self.get_object(), actor=request.user)
        return response

    @extend_schema(
        request=RowsSerializer,
        responses={200: HandInAnswer},
        parameters=[
            OpenApiParameter("Idempotency-Key", location="header", required=True, description="8 to 64 signs"),
            OpenApiParameter("hospital", description="KODE_RS; only for accounts of several hospitals"),
        ],
    )
    def create(self, request):
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            raise serializers.ValidationError({"Idempotency-Key": [_("Send a key of 8 to 64 letters, digits or .:_-")]})
        asked = RowsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        hospital = _hospital(request)
        body = json.dumps([hospital.code, asked.validated_data["rows"]], sort_keys=True)
        status, answer = hand_in(
            rows=asked.validated_data["rows"],
            hospital=hospital,
            key=key,
            body_sha256=hashlib.sha256(body.encode()).hexdigest(),
            actor=request.user,
            at=timezone.now(),
        )
        return Response(answer, status=status)


def _hospital(request):
    own = Facility.objects.filter(pk__in=request.user.facility_ids(*BILLERS))
    code = request.query_params.get("hospital", "")
    found = [place for place in own if code in ("", place.code)]
    if len(found) != 1:
        raise serializers.ValidationError({"hospital": [_("Say for which of your hospitals: its KODE_RS.")]})
    return found[0]


def hand_in(*, rows, hospital, key, body_sha256, actor, at):
    """Take in ``rows`` once under ``key``. Returns ``(HTTP status, answer)``, of a repeat those of the first time.

    The key is written in the transaction of the effect: what broke off left neither. Raises Refused for another body.
    """
    with refusing(BUSY), transaction.atomic():
        before = ProgramRequest.objects.select_for_update().filter(sent_by=actor, key=key).first()
        if before:
            if before.body_sha256 != body_sha256:
                raise Refused(OTHER_BODY, code="other_body")
            return before.status, before.answer
        made = ProgramRequest.objects.create(key=key, body_sha256=body_sha256, sent_at=at, sent_by=actor)
        made.status, made.answer = _take(rows, hospital, key, actor, at)
        made.save(update_fields=["status", "answer"])
        return made.status, made.answer


def _take(rows, hospital, key, actor, at):
    try:
        result = take_in(
            file=io.BytesIO(as_text(rows).encode()),
            file_name=key,
            hospital=hospital,
            actor=actor,
            at=at,
            source=Source.PROGRAM,
        )
    except Refused as no:
        return status_of(no), as_json(no)
    counts = {name: getattr(result, name) for name in ("rows", "accepted", "refused", "replaced", "unchanged")}
    return 200, {"batch": result.batch and result.batch.number, **counts, "lines": _lines(result)}


def as_text(rows):
    """The rows as the file e-Klaim would export: every column that one of them names, in e-Klaim's order."""
    names = [name for name in COLUMNS if any(name in row for row in rows)]
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join("\t".join(cells) + "\n" for cells in lines)


def _lines(result):
    claims = {}
    if result.batch:
        first, last = result.file.offset, result.file.offset + result.file.last_line
        found = Claim.objects.filter(batch=result.batch, line_number__gt=first, line_number__lte=last)
        claims = {number - first: str(claim) for number, claim in found.values_list("line_number", "public_id")}
        repeated = dict(Claim.objects.filter(pk__in=result.repeats.values()).values_list("pk", "public_id"))
        claims |= {line: str(repeated[pk]) for line, pk in result.repeats.items()}
    return [
        {
            "row": line.line - 1,
            "sep": line.sep,
            "status": str(line.status),
            "state": str(line.state),
            "claim": claims.get(line.line),
            "findings": [_found(found) for found in line.findings],
        }
        for line in result.lines
    ]


def _found(found):
    with override("id"):
        message_id = found.message
    with override("en"):
        message_en = found.message
    return {"rule": found.rule, "severity": str(found.severity), "message_id": message_id, "message_en": message_en}
