"""The notices of whoever is logged in: the list, opening one, and marking what was seen as read."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import Role
from facilities.permissions import requires
from ksb.core.models import Notice
from ksb.core.notices.telling import read
from ksb.core.paging import keyset_page


@require_safe
def notices(request):
    """Unread ones, newest first; ``?all=1`` the read ones too."""
    show_all = bool(request.GET.get("all"))
    rows = Notice.objects.visible_to(request.user).select_related("read_by")
    if not show_all:
        rows = rows.unread()
    page = keyset_page(rows, request.GET, keys=("-id",))
    newest = page.items[0].pk if page.items else 0
    return render(request, "notices/list.html", {"page": page, "all": show_all, "newest": newest})


@requires(*Role)
@require_POST
def open_notice(request, told_id):
    """Mark it read and go to the page of what it is about."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), public_id=told_id)
    read(Notice.objects.filter(pk=notice.pk), actor=request.user, at=timezone.now())
    return redirect(notice.address or "notices")


@require_POST
def read_notices(request):
    """Mark read what stood on the list, and nothing that has come since."""
    newest = request.POST.get("newest", "")
    shown = (
        Notice.objects.visible_to(request.user).filter(pk__lte=int(newest))
        if _is_key(newest)
        else Notice.objects.none()
    )
    number = read(shown, actor=request.user, at=timezone.now())
    messages.success(request, _("Marked as read: %(number)d.") % {"number": number})
    return redirect("notices")


def _is_key(text):
    return text.isascii() and text.isdigit() and len(text) < 19
