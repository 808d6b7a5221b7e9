"""The settings of the portal for the same floors with all around them that a page of the portal has: its middleware."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floors"
