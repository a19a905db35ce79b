"""P3: is this person covered, and why (not)? Over HTTP, any NIK of the city, with log-in, audit row and journal entry."""

import json
import random
import statistics
from urllib.parse import quote, urlencode

from django.db import connection
from rest_framework.authtoken.models import Token

from benchmarks.frame import Row
from benchmarks.web.load import ask, server
from facilities.enums import Role
from facilities.models import Facility, Membership, User
from ksb.core.models import RateBucket
from participants.models import Resident

REQUESTS = 3000
WARM_UP = 400
CLERKS = REQUESTS // 200  # nobody reaches the hourly limit within a round


def run(context):
    """The API's look-up against a bare view with one SELECT by primary key, on the same server, in turns."""
    context.load_city()
    draw = random.Random(context.seed)
    tokens = [_clerk(n) for n in range(CLERKS)]
    people = list(Resident.objects.order_by("pk").values_list("pk", "nik"))
    connection.close()

    def bare(count):
        return [("GET", f"/bare/{draw.choice(people)[0]}/", None, {}) for _ in range(count)]

    def lookups(count):
        return [_question(draw.choice(people)[1], tokens[n % CLERKS]) for n in range(count)]

    seen = []
    with server(_database_url(), connection.settings_dict["NAME"]) as web:
        _forget_limits()
        ask(web, bare(WARM_UP))
        ask(web, lookups(WARM_UP))
        for _ in range(max(context.rounds, 3)):
            _forget_limits()
            seen.append((ask(web, bare(REQUESTS)), ask(web, lookups(REQUESTS))))
    against = "bare primary-key SELECT"
    rate, rates = _compared(seen, "per_second", "{1:,.0f} against {0:,.0f} requests/s")
    cost, costs = _compared(seen, "cpu", "{1:.2f} against {0:.2f} ms of web server and database")
    tail, tails = _compared(seen, "p99", "{1:.1f} against {0:.1f} ms")
    return [
        Row("P3", "eligibility look-up", against, rate, at_least=0.7, detail=rates),
        Row("P3", "the same by processor time", against, 1 / cost, at_least=0.7, detail=costs),
        Row("P3", "look-up, 99th percentile", against, tail, at_most=2, detail=tails),
    ]


def _compared(seen, name, text):
    """Median of the quotients look-up : bare of one figure, and its median on both sides told by ``text``."""
    pairs = [[getattr(side, name) for side in pair] for pair in seen]
    told = text.format(*(statistics.median(side) for side in zip(*pairs, strict=True)))
    return statistics.median(lookup / bare for bare, lookup in pairs), told


def _question(nik, token):
    body = json.dumps({"nik": nik, "service": "OUTPATIENT"})
    return "POST", "/api/v1/eligibility/", body, {"Content-Type": "application/json", "Authorization": f"Token {token}"}


def _clerk(number):
    """The token of a Puskesmas clerk."""
    system = User.objects.system()
    user, _ = User.objects.get_or_create(username=f"bench{number}")
    puskesmas = Facility.objects.puskesmas().order_by("code").first()
    Membership.objects.get_or_create(
        user=user, role=Role.PUSKESMAS_CLERK, facility=puskesmas, valid_from="2020-01-01", granted_by=system
    )
    return Token.objects.get_or_create(user=user)[0].key


def _forget_limits():
    """Nobody asks thousands of times an hour but this benchmark."""
    RateBucket.objects.filter(key__startswith="lookup:").delete()
    connection.close()


def _database_url():
    values = connection.settings_dict
    options = {"host": values["HOST"], "port": values["PORT"], **values["OPTIONS"]}
    query = urlencode({key: options[key] for key in ("host", "port") if options.get(key)})
    return f"postgresql://{quote(values['USER'])}:{quote(values['PASSWORD'])}@/{values['NAME']}?{query}"
