"""Getting in: limits on guessing, where one lands, what the cookie allows, and what an account without a role sees."""

import datetime
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from facilities.enums import Role
from facilities.models import Membership, User
from facilities.views.accounts import ATTEMPTS_PER_ACCOUNT, ATTEMPTS_PER_ADDRESS
from ksb.core.models import JournalEntry
from tests import factories as f

pytestmark = pytest.mark.django_db
LOG_IN, PASSWORD = reverse("login"), reverse("password_change")
SECRET = "kuda terbang 77"


@pytest.fixture
def clerk():
    user = f.make_user(Role.REGISTRATION_CLERK, username="ayu.lestari")
    user.set_password(SECRET)
    user.save()
    return user


def log_in(client, username="ayu.lestari", password=SECRET, **more):
    query = f"?next={more['after']}" if "after" in more else ""
    return client.post(f"{LOG_IN}{query}", {"username": username, "password": password, "next": more.get("after", "")})


def fail(client, times, username="ayu.lestari", **extra):
    for _ in range(times):
        client.post(LOG_IN, {"username": username, "password": "salah"}, **extra)


# Guessing


def test_after_eight_wrong_passwords_even_the_right_one_waits_for_the_end_of_the_quarter_hour(client, clerk):
    fail(client, ATTEMPTS_PER_ACCOUNT)
    refused = log_in(client)
    assert refused.status_code == 429
    seconds = int(refused.headers["Retry-After"])
    assert 0 < seconds <= 15 * 60
    assert "menit" in refused.content.decode()
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds + 5)):
        assert log_in(client).status_code == 302


def test_the_limit_speaks_to_programs_too(client, clerk):
    fail(client, ATTEMPTS_PER_ACCOUNT)
    refused = client.post(LOG_IN, {"username": "ayu.lestari"}, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")


@pytest.mark.parametrize(
    "spelling", ["AYU.LESTARI", " ayu.lestari ", "\uff41yu.lestari", "ayu\uff0elestari", "ayu.lestar\u2170"]
)
def test_another_spelling_of_the_name_is_the_same_account(client, clerk, spelling):
    fail(client, ATTEMPTS_PER_ACCOUNT, spelling)
    assert log_in(client).status_code == 429


def test_accounts_wait_by_themselves(client, clerk):
    fail(client, ATTEMPTS_PER_ACCOUNT, "orang.lain")
    assert log_in(client).status_code == 302


def test_who_gets_in_starts_counting_anew(client, clerk):
    for _ in range(3):
        fail(client, ATTEMPTS_PER_ACCOUNT - 1)
        assert log_in(client).status_code == 302
        client.post(reverse("logout"))


def test_one_address_cannot_try_many_accounts(client, clerk):
    for n in range(ATTEMPTS_PER_ADDRESS):
        fail(client, 1, f"orang{n}")
    assert log_in(client).status_code == 429
    assert (
        client.post(LOG_IN, {"username": "ayu.lestari", "password": SECRET}, REMOTE_ADDR="10.1.2.3").status_code == 302
    )


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(client, clerk):
    f.make_user(Role.AUDITOR, username="terkunci")
    User.objects.filter(username="terkunci").update(is_active=False)
    answers = set()
    for name in ("ayu.lestari", "tidak.ada", "terkunci", User.SYSTEM):
        page = log_in(client, name, "salah").content.decode().replace(name, "")
        answers.add(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page))
    assert len(answers) == 1


# Cookie and landing


def test_the_cookie_is_a_random_word_for_this_site_alone(client, clerk):
    client.get(LOG_IN)
    log_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == ""
    assert re.fullmatch(r"[a-z0-9]{32}", cookie.value)
    assert client.cookies[settings.CSRF_COOKIE_NAME]["httponly"]


def test_a_new_session_begins_with_the_log_in(client, clerk):
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    log_in(client)
    assert client.session.session_key != planted


@pytest.mark.parametrize(
    "elsewhere",
    [
        *(
            "https://jahat.example/",
            "//jahat.example",
            "///jahat.example",
            "http:///jahat.example",
            "https:jahat.example",
        ),
        *("/\\jahat.example", "\\\\jahat.example", "javascript:alert(1)", "data:text/html,x", " //jahat.example"),
        *("\t//jahat.example", "https://testserver@jahat.example", "https://testserver.jahat.example/"),
    ],
)
def test_nobody_is_sent_to_another_site(client, clerk, elsewhere):
    assert log_in(client, after=elsewhere).url == reverse("home")
    assert client.get(LOG_IN, {"next": elsewhere}).url == reverse("home")
    assert client.post(reverse("set_language"), {"language": "en", "next": elsewhere}).url == "/"


def test_who_was_going_somewhere_gets_there(client, clerk):
    sent = client.get(f"{reverse('participants:applications')}?state=CHECKING").url
    assert client.get(sent).status_code == 200
    assert log_in(client, after="/peserta/pendaftaran/?state=CHECKING").url == "/peserta/pendaftaran/?state=CHECKING"


@pytest.mark.parametrize("after", [LOG_IN, f"{LOG_IN}?next={LOG_IN}"])
def test_the_log_in_page_does_not_lead_to_itself(client, clerk, after):
    assert log_in(client, after=after).url == reverse("home")
    assert client.get(LOG_IN, {"next": after}).url == reverse("home")


def test_coming_and_going_are_on_record(client, clerk):
    log_in(client)
    client.post(reverse("logout"))
    verbs = list(JournalEntry.objects.filter(actor=clerk).order_by("id").values_list("verb", flat=True))
    assert verbs == ["user.log_in", "user.log_out"]


def test_logging_out_takes_a_form_and_ends_the_session(client, clerk):
    log_in(client)
    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert client.get(reverse("participants:families")).status_code == 302


# Roles of today


def test_an_account_without_a_role_today_is_told_whom_to_ask(client):
    client.force_login(f.make_user())
    page = client.get(reverse("home"))
    assert page.status_code == 200
    assert "templates" not in page.content.decode()
    assert page.templates[0].name == "no_role.html"
    assert client.get(reverse("participants:families")).status_code == 403
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": f.TODAY - datetime.timedelta(days=1)},
        {"valid_from": f.TODAY + datetime.timedelta(days=1), "valid_to": None},
    ],
)
def test_a_membership_that_is_not_in_force_opens_nothing_from_the_next_request_on(client, change):
    clerk = f.make_user(Role.REGISTRATION_CLERK)
    client.force_login(clerk)
    address = reverse("participants:families")
    assert client.get(address).status_code == 200
    Membership.objects.filter(user=clerk).update(**change)
    assert client.get(address).status_code == 403
    assert client.get(reverse("home")).templates[0].name == "no_role.html"


def test_the_last_day_of_a_membership_is_a_day_of_work(client):
    clerk = f.make_user(Role.REGISTRATION_CLERK)
    Membership.objects.filter(user=clerk).update(valid_to=f.TODAY)
    client.force_login(clerk)
    assert client.get(reverse("participants:families")).status_code == 200


def test_a_membership_that_ended_closes_the_interface_for_programs_too(client):
    from rest_framework.authtoken.models import Token

    desk = f.make_user(Role.HOSPITAL_DESK)
    program = {"headers": {"authorization": f"Token {Token.objects.create(user=desk).key}"}}
    address = reverse("api:sjp-list")
    assert client.get(address, **program).status_code == 200
    Membership.objects.filter(user=desk).update(valid_to=f.TODAY - datetime.timedelta(days=1))
    assert client.get(address, **program).status_code == 403
    User.objects.filter(pk=desk.pk).update(is_active=False)
    assert client.get(address, **program).status_code == 401


def test_an_account_that_is_switched_off_is_out_at_once(client, clerk):
    log_in(client)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert client.get(reverse("participants:families")).status_code == 302


# Password


def change(client, old, new="gajah menari 88"):
    return client.post(PASSWORD, {"old_password": old, "new_password1": new, "new_password2": new})


def test_a_new_password_ends_the_other_sessions_and_is_on_record(client, clerk):
    elsewhere = Client()
    log_in(client)
    log_in(elsewhere)
    assert change(client, SECRET).url == reverse("password_change_done")
    assert client.get(reverse("participants:families")).status_code == 200
    assert elsewhere.get(reverse("participants:families")).status_code == 302
    assert JournalEntry.objects.filter(verb="user.password_changed", actor=clerk).exists()


@pytest.mark.parametrize("weak", ["pendek", "123456789012", "ayu.lestari1", "supernatural"])
def test_a_weak_password_is_refused_with_a_reason(client, clerk, weak):
    log_in(client)
    page = change(client, SECRET, weak)
    assert page.status_code == 200
    assert page.context["form"].errors["new_password2"]
    clerk.refresh_from_db()
    assert clerk.check_password(SECRET)


def test_the_old_password_cannot_be_tried_out_at_a_screen_left_open(client, clerk):
    log_in(client)
    for _ in range(ATTEMPTS_PER_ACCOUNT):
        assert change(client, "salah").status_code == 200
    assert change(client, SECRET).status_code == 429
