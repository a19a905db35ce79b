"""What a page may load, and whom a request comes from."""

from django.conf import settings


class ContentSecurityPolicyMiddleware:
    """Sends `settings.CONTENT_SECURITY_POLICY` with every answer, admin and error pages included.

    A view may tighten it; there is no way to loosen it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY
        if getattr(response, "sandboxed", False):  # what somebody handed in (ksb.core.uploads)
            response.headers["Content-Security-Policy"] += "; sandbox"
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        # Desks are shared: after logging out, "back" must not show a patient. Static files say otherwise themselves.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ClientAddressMiddleware:
    """Puts the visitor's own address into REMOTE_ADDR when `settings.PROXIES` reverse proxies stand before us.

    Each proxy appends the address it was asked from to X-Forwarded-For; what a visitor wrote there himself stands
    further to the left and is not believed. Rate limits would otherwise count the whole city as one visitor.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if 0 < settings.PROXIES <= len(hops):
            request.META["REMOTE_ADDR"] = hops[-settings.PROXIES]
        return self.get_response(request)
