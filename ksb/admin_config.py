from django.contrib.admin.apps import AdminConfig


class KsbAdminConfig(AdminConfig):
    default_site = "ksb.core.admin_site.KsbAdminSite"
