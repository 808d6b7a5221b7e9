"""A worker that can be asked whether it hears: `celery -A tests.faults.echo worker`."""

from pathlib import Path

from portal.celery import app

__all__ = ["app", "write"]


@app.task(name="tests.faults.echo.write")
def write(path: str) -> None:
    """Make this file."""
    Path(path).touch()
