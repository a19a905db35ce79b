"""Logging in and out."""

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
        account = request.POST.get("username", "").strip().lower()[:150]
        hit("login.address", request.META["REMOTE_ADDR"], limit=ATTEMPTS_PER_ADDRESS, seconds=WINDOW, now=now)
        hit("login.account", account, limit=ATTEMPTS_PER_ACCOUNT, seconds=WINDOW, now=now)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        user = form.get_user()
        forget("login.account", user.get_username().lower())
        journal.record("user.log_in", user, actor=user)
        return super().form_valid(form)


class LogOutView(auth_views.LogoutView):
    def post(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            journal.record("user.log_out", request.user, actor=request.user)
        return super().post(request, *args, **kwargs)
