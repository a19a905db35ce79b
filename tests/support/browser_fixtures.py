"""Chromium over the live server. A test that takes `page` fails on any complaint of a page it visited."""

import pytest

from tests.support import browser as rules


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    executable = rules.chromium()
    if executable is None:
        pytest.fail(
            "Chromium is missing, so this page was not looked at. `make setup-browser` installs it or says how."
        )
    return browser_type_launch_args | {"executable_path": executable, "args": rules.LAUNCH_ARGUMENTS}


@pytest.fixture
def browser_context_args(browser_context_args, live_server):
    return browser_context_args | {
        "base_url": live_server.url,
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "viewport": {"width": 1280, "height": 800},
    }


@pytest.fixture
def page(page):
    """A page whose console stays empty."""
    page.guard = rules.Guard(page)
    page.set_default_timeout(10_000)
    yield page
    page.guard.assert_quiet()


@pytest.fixture
def page_without_javascript(new_context):
    """The same in a browser with JavaScript switched off."""
    page = new_context(java_script_enabled=False).new_page()
    page.guard = rules.Guard(page, scripted=False)
    page.set_default_timeout(10_000)
    yield page
    page.guard.assert_quiet()


@pytest.fixture
def audit():
    """`audit(page)` after each step: quiet so far, no sideways scroll, no finding of axe (itself a script)."""

    def run(page):
        page.wait_for_load_state()
        page.guard.assert_quiet()  # before axe, which puts styles of its own into the page
        rules.assert_no_sideways_scroll(page)
        if page.guard.scripted:
            with page.guard.ignored():
                rules.assert_accessible(page)

    return run


@pytest.fixture
def sign_in(live_server, client):
    """`sign_in(page, user)` without the log-in form, which has tests of its own."""

    def run(page, user):
        from django.conf import settings

        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url, "httpOnly": True}]
        )

    return run
