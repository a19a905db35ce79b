"""P7: every list of the screens and the administration, its filters and its further pages: the city against a town of 20,000."""

import dataclasses
import itertools
import re
import statistics
import time
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.frame import Row
from facilities.models import User
from ksb.demo.people import create_demo
from ksb.navigation import items_for
from participants import cards
from participants.models import Enrolment

TOWN = 20_000
TIMES = 4
SHOWN = 12
DEEP = 40  # a page of the administration that the town has as well
LINK = re.compile(r'href="\?([^"]+)"')
FORM = re.compile(r"<form[^>]*method=\"get\"[^>]*>(.*?)</form>", re.DOTALL)
SELECT = re.compile(r"<select[^>]*name=\"(\w+)\"[^>]*>(.*?)</select>", re.DOTALL)
OPTION = re.compile(r"<option value=\"([^\"]+)\"")
ORDERS = 150  # as many in the town as in the city, so that the pages are as long


def run(context):
    """Milliseconds for each address, the least of four, at both sizes; the worst quotient counts."""
    town = _times(dataclasses.replace(context, residents=TOWN, loaded=False))
    city = _times(context)
    quotients = {key: city[key] / town[key] for key in city if key in town}
    worst = sorted(quotients, key=quotients.get, reverse=True)
    for key in worst[:SHOWN]:
        context.say(f"{quotients[key]:5.2f}x  {town[key]:7.1f} ms  {city[key]:7.1f} ms  {_named(key)}")
    key = worst[0]
    told = (
        f"{len(quotients)} addresses, median {statistics.median(quotients.values()):.2f}x; worst {town[key]:.0f} -> "
        f"{city[key]:.0f} ms: {_named(key)}"
    )
    return [Row("P7", "lists, filters and pages", f"the same at {TOWN:,}", quotients[key], at_most=1.5, detail=told)]


def _times(context):
    """``{(user, path, query): milliseconds}`` in a city of that size."""
    context.empty()
    context.load_city()
    create_demo(at=context.at)
    _order_cards(context)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        (user.username, path, query): _milliseconds(client, path, query)
        for user, client, path in _lists()
        for query in _queries(client, path)
    }


def _order_cards(context):
    """Some families without a card order one, all over the city, so that there is work to list."""
    without = Enrolment.objects.filter(state="ACTIVE", cards__isnull=True).order_by("public_id")
    for enrolment in without.select_related("household")[:ORDERS]:
        cards.order(enrolment=enrolment, actor=None, at=context.at)


def _lists():
    """Each user with the pages of their menu; the administration's lists as the first who may see them."""
    seen = set()
    for user in User.objects.exclude(username=User.SYSTEM).order_by("pk"):
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        for item in items_for(user, ""):
            yield user, client, item["url"]
        for model in sorted(admin.site._registry, key=lambda model: model._meta.label):
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            if path not in seen and client.get(path).status_code == 200:
                seen.add(path)
                yield user, client, path


def _queries(client, path):
    """The page as it opens, choices of every filter alone and together, and a further page."""
    page = client.get(path).content.decode(errors="replace")
    offered, together = {}, []
    for query in map(unescape, LINK.findall(page)):
        for name, value in parse_qsl(query):
            offered.setdefault(name, []).append(value)
    for form in FORM.findall(page):
        choices = {name: list(map(unescape, OPTION.findall(options))) for name, options in SELECT.findall(form)}
        choices = {name: values for name, values in choices.items() if values}
        for name, values in choices.items():
            offered.setdefault(name, []).extend(values)
        together.append(choices)
    yield ""
    for choices in together:
        for ends in itertools.product((0, -1), repeat=len(choices)) if 1 < len(choices) < 4 else ():
            yield urlencode({name: values[end] for (name, values), end in zip(choices.items(), ends, strict=True)})
    for name, values in offered.items():
        values = list(dict.fromkeys(values))
        for place in sorted({0, len(values) - 1}):
            # The next page begins elsewhere in another city; the administration's pages have the same numbers everywhere.
            yield "page=next" if name == "page" else f"p={DEEP}" if name == "p" else urlencode({name: values[place]})


def _milliseconds(client, path, query):
    """Processor time of the page and of its SQL together."""
    address = f"{path}?{query}"
    if query.startswith("page="):
        links = [unescape(link) for link in LINK.findall(client.get(path).content.decode()) if "page=" in link]
        address = f"{path}?{links[-1]}" if links else path
    found = []
    for _time in range(TIMES):
        start = _seconds()
        answer = client.get(address)
        found.append((_seconds() - start) * 1000)
        if answer.status_code not in (200, 302):
            raise RuntimeError(f"{address}: {answer.status_code}")
    return min(found)


def _seconds():
    """On the processor so far, this process and its database session, to the nanosecond: other work hardly disturbs it."""
    connection.ensure_connection()
    session = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(session.read_text().split()[0]) / 1e9 if session.exists() else 0.0)


def _named(key):
    user, path, query = key
    return f"{path}?{query} ({user})"
