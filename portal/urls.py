"""The addresses of the whole portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal import health, search_engines, texts
from portal.base import display
from portal.login import enter_code, log_in, log_out

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("weergave/", display.set_theme, name="set-theme"),
    path("taal/", display.set_language, name="set-language"),
    path("inloggen/", log_in, name="login"),
    path("inloggen/code/", enter_code, name="login-code"),
    path("", include("portal.security.urls")),
    path("uitloggen/", log_out, name="logout"),
    path("privacy/", texts.privacy, name="privacy"),
    path("toegankelijkheid/", texts.accessibility, name="accessibility"),
    path("robots.txt", search_engines.robots, name="robots"),
    path("sitemap.xml", search_engines.sitemap, name="sitemap"),
    path("admin/", admin.site.urls),
    path("", include("bookings.urls")),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("portal.demo.urls"))]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
