"""Turns a refusal that no view has answered into a page that speaks, with the right status code."""

from django.http import JsonResponse
from django.shortcuts import render

from ksb.core.errors import NotAllowed, Refused
from ksb.core.ratelimit import TooMany


class RefusalMiddleware:
    """NotAllowed -> 403, TooMany -> 429 with Retry-After, any other Refused -> 409. Programs get the sentence as JSON."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        status = 409
        if isinstance(exception, NotAllowed):
            status = 403
        elif isinstance(exception, TooMany):
            status = 429
        response = _answer(request, exception, status)
        if status == 429:
            response.headers["Retry-After"] = str(exception.retry_after)
        return response


def _answer(request, exception, status):
    if request.get_preferred_type(["text/html", "application/json"]) == "text/html":
        return render(request, f"{status}.html", {"exception": exception.message}, status=status)
    return JsonResponse({"detail": str(exception.message), "code": exception.code}, status=status)
