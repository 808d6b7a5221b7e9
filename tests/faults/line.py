"""A line to Redis that breaks at a word of our choice: a broker that goes away in the middle of a start."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

TICK = 0.05  # seconds
AT_ONCE = 65_536  # bytes

Breaks = Callable[[int, bytes], bool]  # gets the how manieth word it is since the line was there, and the word


class Line:
    """Listens on `front` for whoever wants the Redis behind `back`; gone for `away` seconds each time it breaks."""

    def __init__(self, front: Path, back: Path, breaks: Breaks, away: float = 0.5) -> None:
        self.front, self.back, self.breaks, self.away = front, back, breaks, away
        self.broken: list[bytes] = []  # the words at which it broke, and that Redis never heard
        self._words = 0
        self._others: dict[socket.socket, socket.socket] = {}
        self._callers: set[socket.socket] = set()
        self._selector = selectors.DefaultSelector()
        self._end = Event()
        self._listen()

    def run(self) -> None:
        """Pass on what is said, until `end`."""
        while not self._end.is_set():
            for key, _ in self._selector.select(TICK):
                if isinstance(key.fileobj, socket.socket) and key.fileobj.fileno() >= 0:  # not closed meanwhile
                    self._hear(key.fileobj)
        self._break()

    def end(self) -> None:
        self._end.set()

    def _listen(self) -> None:
        self.front.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.front))
        self._listener.listen()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._words = 0

    def _hear(self, speaker: socket.socket) -> None:
        if speaker is self._listener:
            self._connect()
            return
        word = b""
        with suppress(OSError):
            word = speaker.recv(AT_ONCE)
        if word and speaker in self._callers:
            self._words += 1
            if self.breaks(self._words, word):
                self.broken.append(word)
                self._break()
                time.sleep(self.away)
                self._listen()
                return
        self._pass_on(speaker, word)

    def _connect(self) -> None:
        caller, _ = self._listener.accept()
        redis = socket.socket(socket.AF_UNIX)
        redis.connect(str(self.back))
        self._others |= {caller: redis, redis: caller}
        self._callers.add(caller)
        for end in (caller, redis):
            self._selector.register(end, selectors.EVENT_READ)

    def _pass_on(self, speaker: socket.socket, word: bytes) -> None:
        if word:
            with suppress(OSError):
                self._others[speaker].sendall(word)
                return
        self._hang_up(speaker)

    def _hang_up(self, speaker: socket.socket) -> None:
        for end in (speaker, self._others[speaker]):
            self._selector.unregister(end)
            end.close()
            self._others.pop(end)
            self._callers.discard(end)

    def _break(self) -> None:
        """All who spoke hear nothing more, and who calls finds nobody."""
        self._selector.unregister(self._listener)
        self._listener.close()
        self.front.unlink()
        while self._others:
            self._hang_up(next(iter(self._others)))


@contextmanager
def line(front: Path, back: Path, breaks: Breaks) -> Iterator[Line]:
    mine = Line(front, back, breaks)
    thread = Thread(target=mine.run)
    thread.start()
    try:
        yield mine
    finally:
        mine.end()
        thread.join()
