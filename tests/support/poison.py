"""What no clerk types: values that have broken programs before, and a reader of the forms on a page to put them into."""

import base64
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

MARK = "v3n0m"  # in every value that would run, so that a page that lets it run is found

MARKUP = (
    f"<script>alert('{MARK}')</script>",
    f"\"><img src=x onerror=alert('{MARK}')>",
    f"' onmouseover='alert(\"{MARK}\")' x='",
    f'" onfocus="alert({MARK})" autofocus x="',
    f"</textarea><svg onload=alert('{MARK}')>",
    f"</title></script><b>{MARK}</b>",
    f"<!-- {MARK} --><iframe src=javascript:{MARK}>",
    f"javascript:alert('{MARK}')",
    f"&lt;script&gt;{MARK}&#60;/script&#62;",
)
TEMPLATES = (
    "{{ 71917191|add:14601460 }}",
    "{% debug %}",
    "{% load static %}",
    "{{ settings.SECRET_KEY }}",
    "${7*7}",
    "%(key)s %s %d %",
)
STATEMENTS = (
    "' OR '1'='1",
    "'; DROP TABLE participants_resident; --",
    "\\'; SELECT pg_sleep(9); --",
    "1) OR (1=1",
    "%' AND 1=0 UNION SELECT password FROM facilities_user --",
    "$$;$$",
    "(",
    "[a-",
    "(a+)+$",
    "%%%___\\",
    "*:*&|!<->",
)
NUMBERS = (
    "-1",
    "0",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    "1" * 40,
    "9" * 5000,
    "1e309",
    "-1e309",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "1.5",
    "Rp 1.5",
    "1,000,000.00",
    "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    "\uff13\uff12\uff17\uff15\uff10\uff11\uff10\uff11\uff10\uff11\uff19\uff10\uff10\uff10\uff10\uff11",
    "\u00b2\u00b3",
    "\u2167",
)
DAYS = (
    "00-00-0000",
    "01-01-0000",
    "0000-01-01",
    "01-01-0001",
    "9999-12-31",
    "31-12-99999",
    "31-02-2026",
    "29-02-2025",
    "2026-11-22T25:61:61Z",
    "2026-W47-7",
    "\u0662\u0662-\u0661\u0661-\u0662\u0660\u0662\u0666",
    "24.00",
    "99.99",
)
TEXTS = (
    "",
    " ",
    "\t\r\n\v\f",
    "\x00",
    "a\x00b",
    "\x7f\x1b[31m",
    "\u202egnp.exe",
    "\u200b\u200d\ufeff",
    "\ufffe\uffff",
    "\U0010ffff\U0001f600\U0001f1ee\U0001f1e9",
    "Z\u0338\u0337\u0336\u0335" * 40,
    "\u0130\u0131\u017f\u212a",
    "x" * 3_000,
    "null",
    "undefined",
    "None",
    "true",
    "[]",
    "{}",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "=cmd|'/C calc'!A0",
    "https://jahat.example/",
    "//jahat.example",
    "\r\nSet-Cookie: a=b",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
)
VALUES = (*MARKUP, *TEMPLATES, *STATEMENTS, *NUMBERS, *DAYS, *TEXTS)

# The keyset cursor of our own lists, damaged on purpose.
_CURSORS = (
    *(["n"], ["n", None], ["n", True], ["n", {}], ["n", "\x00"], ["n", "0000-01-01"], ["n", 10**40], ["n", -(10**19)]),
    *(["x", 1], ["p", "abc"], ["n", "\ud800"], b"[" * 3_000, b"\xff\xfe", b'["n",1e999]', b'["n",NaN]'),
)
CURSORS = (
    *(base64.urlsafe_b64encode(c if isinstance(c, bytes) else json.dumps(c).encode()).decode() for c in _CURSORS),
    *("=", "%", "\u00e9", "AAAA", "W1t", "-_-_"),
)


def runs(text):
    """Whether markup or a template of ours would run on a page of this text."""
    lower = text.lower()
    starts = (
        "<script>alert(",
        "<img src=x",
        "<svg onload",
        "<iframe src",
        f"<b>{MARK}",
        "onmouseover='alert",
        'onfocus="alert',
    )
    return [start for start in starts if start in lower] + [
        found for found in ("86518651", "django.db") if found in text
    ]


@dataclass
class FoundForm:
    """A form of a page: where it goes, and its fields with the values a browser would send."""

    method: str
    action: str
    fields: dict = field(default_factory=dict)
    free: set = field(default_factory=set)

    def filled(self, guesses):
        """What somebody sends who fills in everything."""
        offered = {name: values[0] for name, values in self.fields.items() if values}
        return offered | {name: guess for name, guess in guesses.items() if name in self.free}


class FormReader(HTMLParser):
    """``FormReader.of(page)``: the forms of a page."""

    def __init__(self):
        super().__init__()
        self.forms, self.open, self.select = [], None, None

    @classmethod
    def of(cls, page):
        reader = cls()
        reader.feed(page)
        return reader.forms

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.open = FoundForm((values.get("method") or "get").lower(), values.get("action") or "")
            self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "option" and self.select:
            self._add(self.select, values.get("value", ""), chosen="selected" in values)
        elif values.get("name") not in (None, "csrfmiddlewaretoken"):
            self._field(tag, values)

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None

    def _field(self, tag, values):
        name, kind = values["name"], values.get("type", "text").lower()
        if tag == "select":
            self.select = name
            self.open.fields.setdefault(name, [])
        elif tag == "textarea" or (tag == "input" and kind not in ("radio", "checkbox", "file", "submit")):
            self.open.free.add(name)
            self._add(name, values.get("value", ""), chosen=True)
        elif tag in ("input", "button"):
            self._add(name, values.get("value", "on"), chosen="checked" in values)

    def _add(self, name, value, *, chosen):
        found = self.open.fields.setdefault(name, [])
        if value or chosen:
            found.insert(0, value) if chosen else found.append(value)
