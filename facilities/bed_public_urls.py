"""Addresses of the beds everybody may see."""

from django.urls import path

from facilities.views import public as views

app_name = "beds"

urlpatterns = [path("", views.page, name="page"), path("data.json", views.as_json, name="json")]
