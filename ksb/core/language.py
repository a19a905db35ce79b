"""Indonesian unless the visitor chose otherwise. The browser's own language says nothing: offices install English ones."""

from django.conf import settings
from django.utils import translation


class ChosenLanguageMiddleware:
    """Activates the language of the cookie that Django's ``set_language`` view leaves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            chosen = settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = chosen
        translation.activate(chosen)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response
