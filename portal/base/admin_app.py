"""The Django admin as an app, with our own site: nobody gets in by a password."""

from django.contrib.admin.apps import AdminConfig


class PortalAdmin(AdminConfig):
    default_site = "portal.base.admin_site.PortalAdminSite"
