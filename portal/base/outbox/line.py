"""One connection to the mail server for many mails: greeting, TLS and log-in cost more than a mail does."""

from typing import Any, Self

from django.core.mail import EmailMultiAlternatives, get_connection

# Mail servers close a connection that brings too many; below what is usual.
MAILS = 50


class Line:
    """Opened when first needed; anew after any fault, and after so many mails. `failed`: whether one was not taken."""

    def __init__(self) -> None:
        self.failed = False
        self._connection: Any = None
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand this mail over. Raises what the mail backend raises; the line is closed by then."""
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
            message.connection = self._connection
            message.send()
        except BaseException:
            self.failed = True
            self.close()
            raise
        self._sent += 1
        if self._sent == MAILS:
            self.close()

    def close(self) -> None:
        """Hang up, if there is a connection."""
        connection, self._connection, self._sent = self._connection, None, 0
        if connection is not None:
            connection.close()
