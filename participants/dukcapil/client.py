"""The web service of Dukcapil: a person by NIK, a family by a member's NIK, and whether our data agree.

``POST {base}/dukcapil/get_json/{customer}/{method}`` with JSON, from a whitelisted address. The answer is a page with
``content``; what is wrong stands there as a text with or without a code, and texts and codes do not always agree: a known
code counts before the text. Labels are words, not the codes of the nightly file.
"""

import json
import re

from django.conf import settings

from ksb.core.remote import Unreachable, exchange
from participants.enums import OnlineOutcome as O
from participants.enums import OnlineQuestion, OnlineService, Sex
from participants.online import Told, ask

PERSON, FAMILY, ELEMENTS = "CALL_NIK", "CALL_NIK_GET_KK", "CALL_VERIFY_BY_ELEMEN"
THRESHOLD = 90
MOST_MEMBERS = 50
LONGEST_VALUE = 120
# What is kept of a person; all the rest of the answer (parents, religion, occupation ...) is nobody's business here.
KEPT = {
    "NO_KK": "kk_number",
    "NAMA_LGKP": "name",
    "TGL_LHR": "birth_date",
    "JENIS_KLMIN": "sex",
    "STAT_HBKEL": "relation",
    "EKTP_STATUS": "ektp",
    "NO_PROP": "province",
    "NO_KAB": "city",
    "PROP_NAME": "province_name",
    "KAB_NAME": "city_name",
    "KEC_NAME": "kecamatan",
    "KEL_NAME": "kelurahan",
}
CODES = {"11": O.DECEASED, "12": O.DOUBLE, "13": O.NOT_FOUND, "14": O.INACTIVE, "15": O.BAD_NUMBER}
# The first that occurs in the text, in lower case.
TEXTS = (
    ("ip address", O.DENIED),
    ("login", O.DENIED),
    ("password", O.DENIED),
    ("quota", O.QUOTA),
    ("kuota", O.QUOTA),
    ("meninggal", O.DECEASED),
    ("ganda", O.DOUBLE),
    ("non aktif", O.INACTIVE),
    ("nonaktif", O.INACTIVE),
    ("tidak aktif", O.INACTIVE),
    ("format", O.BAD_NUMBER),
    ("tidak terdapat", O.NOT_FOUND),
    ("tidak ditemukan", O.NOT_FOUND),
)
_VERDICT = re.compile(r"(tidak )?sesuai(?: \((\d{1,3})\))?", re.IGNORECASE)


def ask_person(*, nik, purpose, actor, at, **about):
    """Ask for one person; the OnlineCheck's ``answer`` has the values of KEPT. See ``online.ask`` for what it raises."""
    return _asked(OnlineQuestion.PERSON, lambda: call_nik(nik), nik=nik, purpose=purpose, actor=actor, at=at, **about)


def ask_family(*, nik, purpose, actor, at, **about):
    """Ask for the family of a person; ``answer["members"]`` is a list of what KEPT names, with each one's NIK."""
    return _asked(
        OnlineQuestion.FAMILY, lambda: call_family(nik), nik=nik, purpose=purpose, actor=actor, at=at, **about
    )


def ask_whether_agrees(*, resident, purpose, actor, at):
    """Ask whether our data on ``resident`` are theirs; ``answer["elements"]`` maps each element to [agrees, percent]."""
    return _asked(
        OnlineQuestion.ELEMENTS,
        lambda: verify(resident.nik, elements_of(resident)),
        nik=resident.nik,
        resident=resident,
        purpose=purpose,
        actor=actor,
        at=at,
    )


def _asked(question, call, **about):
    return ask(service=OnlineService.DUKCAPIL, question=question, call=call, **about)


def call_nik(nik):
    """One exchange of CALL_NIK as a Told. Raises Unreachable."""
    rows, told = _call(PERSON, {"NIK": nik})
    if told:
        return told
    if str(rows[0].get("NIK", "")) != nik:
        return Told(O.UNCLEAR, fault="answer about another person")
    return Told(O.FOUND, _kept(rows[0]))


def call_family(nik):
    """One exchange of CALL_NIK_GET_KK as a Told. Raises Unreachable."""
    rows, told = _call(FAMILY, {"NIK": nik})
    if told:
        return told
    members = [_kept(row) | {"nik": str(row.get("NIK", ""))[:16]} for row in rows[:MOST_MEMBERS]]
    if nik not in [member["nik"] for member in members]:
        return Told(O.UNCLEAR, fault="answer about another family")
    return Told(O.FOUND, {"members": members})


def verify(nik, elements):
    """One exchange of CALL_VERIFY_BY_ELEMEN as a Told: which ``elements`` agree. Raises Unreachable."""
    rows, told = _call(ELEMENTS, {"NIK": nik, "TRESHOLD": THRESHOLD, **elements})
    if told:
        return told
    found = {name: _VERDICT.fullmatch(str(rows[0].get(name, "")).strip()) for name in elements}
    verdicts = {name: [not word[1], int(word[2]) if word[2] else None] for name, word in found.items() if word}
    if not verdicts:
        return Told(O.UNCLEAR, fault="no verdict on any element")
    return Told(O.FOUND, {"elements": verdicts})


def elements_of(resident):
    """Our data on a resident in the words of the service."""
    household = resident.household
    words = {
        "NO_KK": household.kk_number,
        "NAMA_LGKP": resident.name,
        "TMPT_LHR": resident.birth_place,
        "TGL_LHR": f"{resident.birth_date:%d-%m-%Y}",
        "JENIS_KLMIN": "LAKI-LAKI" if resident.sex == Sex.MALE else "PEREMPUAN",
        "ALAMAT": household.address,
    }
    return {name: word for name, word in words.items() if word}


def _call(method, question):
    """The rows of ``content``, or the Told that says why there are none."""
    place = settings.ONLINE[OnlineService.DUKCAPIL]
    login = {"user_id": place["USER"], "password": place["PASSWORD"], "IP_USER": place["IP_USER"]}
    reply = exchange(
        "POST",
        place["URL"],
        f"/dukcapil/get_json/{place['CUSTOMER']}/{method}",
        headers={"Content-Type": "application/json", "Accept": "application/json"},
        body=json.dumps(question | login).encode(),
        connect_seconds=place["CONNECT_SECONDS"],
        seconds=place["SECONDS"],
    )
    return _read(reply)


def _read(reply):
    try:
        page = json.loads(reply.body)
    except ValueError:
        raise Unreachable(f"HTTP {reply.status}, no JSON", repeatable=reply.status >= 500) from None
    page = page if isinstance(page, dict) else {}
    content = page.get("content")
    rows = [row for row in (content if isinstance(content, list) else [content]) if isinstance(row, dict)]
    said = _said(rows[0] if rows else page)
    if said:
        return [], said
    if reply.status >= 500:
        raise Unreachable(f"HTTP {reply.status}", repeatable=True)
    if reply.status in (401, 403):
        return [], Told(O.DENIED, fault=f"HTTP {reply.status}")
    if reply.status == 429 or (not rows and page.get("quotaLimiter") == 0):
        return [], Told(O.QUOTA, fault="quota of the service")
    if reply.status != 200 or not rows:
        return [], Told(O.UNCLEAR, fault=f"HTTP {reply.status}, no content")
    return rows, None


def _said(row):
    """What a row says instead of a person; None when it is one."""
    text = str(row.get("RESPON") or row.get("RESPONSE") or row.get("RESPONSE_DESC") or row.get("message") or "")
    code = str(row.get("RESPONSE_CODE", "")).strip().zfill(2)
    if "RESPONSE_CODE" not in row and not text:
        return None
    if code in CODES:
        return Told(CODES[code])
    lower = " ".join(text.lower().split())
    outcome = next((outcome for word, outcome in TEXTS if word in lower), None)
    if outcome is None:
        # Whoever is found may carry a text as well.
        return None if row.get("NAMA_LGKP") else Told(O.UNCLEAR, fault=f"code {code[:10]}")
    return Told(outcome, fault="" if outcome in CODES.values() else text[:60])


def _kept(row):
    """The values of KEPT, as texts; fields that are null are missing."""
    return {ours: str(row[theirs]).strip()[:LONGEST_VALUE] for theirs, ours in KEPT.items() if row.get(theirs)}
