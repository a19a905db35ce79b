"""The web service of BPJS (V-Claim, Peserta): what JKN says of a NIK on a day, kept as an interval of its own source.

``GET {base}/Peserta/nik/{nik}/tglSEP/{day}``. An answer of today counts as JKN data of today for this person: the rules
see the interval through the facts of every other list, and the lists may be old meanwhile (C32). It never touches an
interval of a list, and the next list closes it (``jkn.intervals``).
"""

import datetime
import json

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ksb.core import journal
from ksb.core.remote import Unreachable, exchange
from participants.eligibility import city
from participants.enums import CoverageSource, OnlineQuestion, OnlineService
from participants.enums import OnlineOutcome as O
from participants.jkn import envelope
from participants.jkn.lines import LAST_SEGMENT, LONGEST_CARD
from participants.models import OtherCoverage, Resident
from participants.models.coverage import NOT_A_MEMBER
from participants.online import Told, ask

OK = "200"
ACTIVE = 0
LONGEST_VALUE = 80
# The first that occurs in the message, in lower case.
TEXTS = (
    ("unauthorized", O.DENIED),
    ("signature", O.DENIED),
    ("cons", O.DENIED),
    ("user_key", O.DENIED),
    ("quota", O.QUOTA),
    ("kuota", O.QUOTA),
    ("limit", O.QUOTA),
    ("tidak ditemukan", O.NOT_FOUND),
    ("tidak terdaftar", O.NOT_FOUND),
    ("belum terdaftar", O.NOT_FOUND),
    ("tidak valid", O.BAD_NUMBER),
    ("tidak sesuai", O.BAD_NUMBER),
)


def ask_membership(*, resident, purpose, actor, at):
    """Ask what JKN says of ``resident`` today and keep the answer, if there is one. Returns the OnlineCheck.

    FOUND is an active member, INACTIVE one who is not, NOT_FOUND nobody. See ``online.ask`` for what it raises.
    """
    on = timezone.localdate(at)
    check = ask(
        service=OnlineService.JKN,
        question=OnlineQuestion.MEMBERSHIP,
        call=lambda: call_peserta(resident.nik, on, at=at),
        nik=resident.nik,
        resident=resident,
        purpose=purpose,
        actor=actor,
        at=at,
    )
    if check.outcome in (O.FOUND, O.INACTIVE, O.NOT_FOUND):
        keep(check=check, actor=actor, at=at)
    return check


def keep(*, check, actor, at):
    """Write the answer of ``check`` as the person's ONLINE interval; what was told on line before ends or is replaced."""
    on = check.about
    told = _interval(check, on)
    with transaction.atomic():
        # Two desks may ask at once about somebody of whom nothing was told yet.
        Resident.objects.select_for_update(no_key=True).get(pk=check.resident_id)
        earlier = OtherCoverage.objects.filter(
            resident_id=check.resident_id, source=CoverageSource.ONLINE, known_to__isnull=True
        )
        for interval in earlier:
            _end(interval, ends=(told["valid_from"] if told["open"] else on) - datetime.timedelta(days=1), at=at)
        kept = OtherCoverage.objects.create(
            resident_id=check.resident_id, source=CoverageSource.ONLINE, known_from=at, listed=False, **told
        )
        journal.record("jkn.told_online", kept, actor=actor, check=check.pk, segment=kept.segment, status=kept.status)
        city.refresh([check.resident_id], on=on, at=at)
    return kept


def _interval(check, on):
    """Columns of the interval: an active membership as BPJS dates it; anything else is known of this day only."""
    answer = check.answer
    if check.outcome == O.NOT_FOUND:
        return {"segment": 0, "status": NOT_A_MEMBER, "valid_from": on, "valid_to": on, "open": False}
    who = {"segment": answer["segment"], "status": answer["status_code"], "card_number": answer.get("card", "")}
    first, last = _day(answer.get("from")), _day(answer.get("until"))
    if check.outcome == O.INACTIVE:
        return who | {"valid_from": on, "valid_to": on, "open": False}
    first = min(first or on, on)
    return who | {"valid_from": first, "valid_to": last if last and last >= first else None, "open": True}


def _end(interval, *, ends, at):
    """It stays true for its days up to ``ends``; when none are left, or they are told anew, it was believed until now."""
    interval.open = False
    if interval.status == ACTIVE and ends >= interval.valid_from:
        interval.valid_to = min(filter(None, (interval.valid_to, ends)))
    elif interval.status == ACTIVE or interval.valid_from > ends:
        interval.known_to = at
    interval.save(update_fields=["open", "valid_to", "known_to"])


def call_peserta(nik, on, *, at):
    """One exchange as a Told. Raises Unreachable."""
    place = settings.ONLINE[OnlineService.JKN]
    timestamp = int(at.timestamp())
    reply = exchange(
        "GET",
        place["URL"],
        f"/Peserta/nik/{nik}/tglSEP/{on:%Y-%m-%d}",
        headers=envelope.headers(
            cons_id=place["CONS_ID"], secret=place["SECRET"], user_key=place["USER_KEY"], timestamp=timestamp
        ),
        connect_seconds=place["CONNECT_SECONDS"],
        seconds=place["SECONDS"],
    )
    return _read(
        reply,
        nik,
        lambda sealed: envelope.opened(sealed, cons_id=place["CONS_ID"], secret=place["SECRET"], timestamp=timestamp),
    )


def _read(reply, nik, open_seal):
    try:
        page = json.loads(reply.body)
        code, message = str(page["metaData"]["code"]), str(page["metaData"]["message"])
    except (ValueError, KeyError, TypeError):
        if reply.status in (401, 403):
            return Told(O.DENIED, fault=f"HTTP {reply.status}")
        raise Unreachable(f"HTTP {reply.status}, no JSON of BPJS", repeatable=reply.status >= 500) from None
    if code != OK:
        return _trouble(code, message)
    try:
        sealed = page["response"]
        person = (open_seal(sealed) if isinstance(sealed, str) else sealed)["peserta"]
        return _of_person(person, nik)
    except (ValueError, KeyError, TypeError):
        return Told(O.UNCLEAR, fault="answer cannot be opened or read")


def _trouble(code, message):
    lower = message.lower()
    outcome = next((outcome for word, outcome in TEXTS if word in lower), None)
    if outcome is None:
        if code.startswith("5"):
            raise Unreachable(f"code {code[:10]}", repeatable=True)
        return Told(O.UNCLEAR, fault=f"code {code[:10]}")
    return Told(outcome, fault="" if outcome in (O.NOT_FOUND, O.BAD_NUMBER) else f"code {code[:10]}")


def _of_person(person, nik):
    if str(person["nik"]) != nik:
        return Told(O.UNCLEAR, fault="answer about another person")
    segment, status = int(person["jenisPeserta"]["kode"]), int(person["statusPeserta"]["kode"])
    if not (0 <= segment <= LAST_SEGMENT and 0 <= status < NOT_A_MEMBER):
        return Told(O.UNCLEAR, fault="unknown kind or status")
    facts = {
        "segment": segment,
        "status_code": status,
        "kind": person["jenisPeserta"].get("keterangan"),
        "status": person["statusPeserta"].get("keterangan"),
        "from": person.get("tglTMT"),
        "until": person.get("tglTAT"),
        "facility": (person.get("provUmum") or {}).get("nmProvider"),
        "card": person.get("noKartu"),
    }
    kept = {name: _short(value) for name, value in facts.items() if value is not None}
    kept["card"] = kept.get("card", "")[:LONGEST_CARD]
    return Told(O.FOUND if status == ACTIVE else O.INACTIVE, kept)


def _short(value):
    return value if isinstance(value, int) else str(value)[:LONGEST_VALUE]


def _day(text):
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
