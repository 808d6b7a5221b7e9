"""`python -m portal.demo`: the portal with invented data, on SQLite, with nothing else installed.

The embedded default: one web process with threads, one process for worker and beat, a folder as the
queue. Data stays in `var/demo/`. In the foreground, until Ctrl-C or SIGTERM.
"""

import os
import sys
from pathlib import Path

from portal.demo.cast import PEOPLE
from portal.serve import WORKER, address, hold, stack

# What would make it another portal than the embedded default.
NOT_HERE = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PUBLIC_URL")
# The terminal is for the visitor: no line per request, no word from Celery about root.
QUIET = {"LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore:::celery.platforms"}


def demo() -> None:
    """Run the demo."""
    env = {name: value for name, value in os.environ.items() if name not in NOT_HERE}
    env |= {"DEMO": "1", "DATA_DIR": env.get("DATA_DIR") or "var/demo", **QUIET}
    with stack(env) as portal:
        print("Even wachten: Naoberplek maakt de voorbeelden klaar …", flush=True)
        portal.prepare()
        schedule = str(Path(env["DATA_DIR"]) / "beat-schedule")
        portal.start_web(workers=1, threads=8)
        portal.start_celery("De worker", *WORKER, "-B", "-s", schedule, "--pool=threads", "-c4")
        portal.until_healthy()
        print(_welcome(address(env)), flush=True)
        portal.watch()


def _welcome(url: str) -> str:
    """Where to look and who to be, in short sentences."""
    people = "\n".join(f"    {person.key:<9}{person.story}" for person in PEOPLE.values())
    return f"""
Naoberplek staat klaar.

  Kijk hier:         {url}/
  Word iemand:       {url}/demo/
  Lees de mails:     {url}/demo/mail/

  Op de pagina /demo/ kun je dit zijn:
{people}

  Alle namen en cijfers zijn verzonnen. Stoppen: Ctrl-C.
"""


if __name__ == "__main__":
    sys.exit(hold(demo))
