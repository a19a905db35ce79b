"""Turns a refusal that no view has answered into a page that speaks, with the right status code."""

from django.http import JsonResponse
from django.shortcuts import render
from rest_framework.response import Response
from rest_framework.views import exception_handler

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
        response = _answer(request, exception, status_of(exception))
        for name, value in headers_of(exception).items():
            response.headers[name] = value
        return response


def status_of(refusal):
    """The HTTP status that says what kind of refusal it is."""
    if isinstance(refusal, NotAllowed):
        return 403
    return 429 if isinstance(refusal, TooMany) else 409


def for_programs(exception, context):
    """DRF's exception handler: a refusal as JSON, whatever the program says it accepts."""
    if not isinstance(exception, Refused):
        return exception_handler(exception, context)
    return Response(as_json(exception), status=status_of(exception), headers=headers_of(exception))


def headers_of(refusal):
    """When to come again, for who came too often."""
    return {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}


def as_json(refusal):
    """The sentence and its code, for programs."""
    return {"detail": str(refusal.message), "code": refusal.code}


def _answer(request, exception, status):
    if request.get_preferred_type(["text/html", "application/json"]) == "text/html":
        return render(request, f"{status}.html", {"exception": exception.message}, status=status)
    return JsonResponse(as_json(exception), status=status)
