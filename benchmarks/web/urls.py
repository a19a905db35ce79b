"""The addresses of KSB and the limit: one SELECT by primary key, answered as JSON, no log-in, no trace."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.urls import include, path

from participants.models import Resident


@login_not_required
def bare(request, pk):
    return JsonResponse(Resident.objects.values("id", "name", "birth_date", "status", "city_code").get(pk=pk))


urlpatterns = [path("bare/<int:pk>/", bare), path("", include("ksb.urls"))]
