"""Logging in and out, and changing the own password."""

from django.contrib.auth import forms as auth_forms
from django.contrib.auth import views as auth_views
from django.utils import timezone

from ksb.core import journal
from ksb.core.ratelimit import forget, hit

ATTEMPTS_PER_ACCOUNT = 8
ATTEMPTS_PER_ADDRESS = 60
WINDOW = 15 * 60


class LogInView(auth_views.LoginView):
    """Log-in with a limit per account and per address, so that passwords cannot be tried out."""

    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        now = timezone.now()
        account = _account(request.POST.get("username", ""))
        hit("login.address", request.META["REMOTE_ADDR"], limit=ATTEMPTS_PER_ADDRESS, seconds=WINDOW, now=now)
        hit("login.account", account, limit=ATTEMPTS_PER_ACCOUNT, seconds=WINDOW, now=now)
        return super().post(request, *args, **kwargs)

    def get_redirect_url(self, **kwargs):
        """Where the visitor was going; never back to this page, which sends on who is logged in."""
        target = super().get_redirect_url(**kwargs)
        return "" if target.partition("?")[0] == self.request.path else target

    def form_valid(self, form):
        user = form.get_user()
        forget("login.account", _account(user.get_username()))
        journal.record("user.log_in", user, actor=user)
        return super().form_valid(form)


def _account(typed):
    """The account a log-in form will look for: as many spellings as Unicode has for it are one account."""
    return auth_forms.UsernameField().to_python(typed).lower()[:150]


class LogOutView(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            journal.record("user.log_out", request.user, actor=request.user)
        return super().post(request, *args, **kwargs)


class PasswordView(auth_views.PasswordChangeView):
    """A new password for the old one, which cannot be tried out at somebody's forgotten screen."""

    def post(self, request, *args, **kwargs):
        hit("password", request.user.pk, limit=ATTEMPTS_PER_ACCOUNT, seconds=WINDOW, now=timezone.now())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        journal.record("user.password_changed", self.request.user, actor=self.request.user)
        return super().form_valid(form)
