"""The settings of the portal for the floors: the same database, the pages of floors.py, and nothing around them."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floors"
MIDDLEWARE = []  # nothing around a view
# allauth wants its middleware; no view here logs anybody in.
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]  # noqa: F405
