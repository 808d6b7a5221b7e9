"""Where a form or a link may lead back to."""

from django.utils.http import url_has_allowed_host_and_scheme


def own_path(path: str, otherwise: str = "") -> str:
    """This path when it is one of our own, with its question; else `otherwise`. Never another site, nor a header."""
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe and "\n" not in path and "\r" not in path else otherwise
