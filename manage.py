#!/usr/bin/env python
"""Django's command line for Naoberplek."""

import os
import sys
from collections.abc import Mapping

from django.core.management import execute_from_command_line
from environs import EnvValidationError


def main() -> None:
    """Do what is asked. Of settings that can't be read it says which and why, all at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvValidationError as error:
        if not isinstance(error.error_messages, Mapping):
            raise
        sys.exit("\n".join(f"{name}: {' '.join(why)}" for name, why in error.error_messages.items()))


if __name__ == "__main__":
    main()
