"""Where everybody starts: the first page of their own menu."""

from django.shortcuts import redirect, render

from ksb.navigation import items_for


def home(request):
    """Redirect to the first entry of the user's menu; without a role in force, say whom to ask."""
    items = items_for(request.user, request.path)
    if items:
        return redirect(items[0]["url"])
    return render(request, "no_role.html")
