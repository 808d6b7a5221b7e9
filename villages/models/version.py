"""The version of a row: what was made of the row is used as long as the row still has it."""

import secrets

from django.db import models


def new_version() -> int:
    """A number that no row had before."""
    return secrets.randbits(63)


class VersionField(models.BigIntegerField[int, int]):
    """A number that is another one after each write, so that what was made of the row before is never used again.

    Drawn by chance and not counted: a write that is rolled back, or a copy that is put back, gives none twice.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> int:  # noqa: ARG002 - Django's signature
        """As Django asks for the value of this column, at each `save`."""
        version = new_version()
        setattr(model_instance, self.attname, version)
        return version
