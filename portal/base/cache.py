"""The shared cache, which a dead Redis must not take down with it."""

import time
from typing import Any

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

LEFT_ALONE_SECONDS = 10

logger = structlog.get_logger("portal.cache")


class SteadyRedisCache(RedisCache):
    """Redis, and while it doesn't answer the memory of this process.

    What is kept here are limits (who asked for how many codes): they must stand without Redis too, if
    less sharply, and nobody may see an error. After a failure Redis is left alone for ten seconds, so that
    one that hangs delays one request and not all.
    """

    _left_alone_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._here = LocMemCache("steady", {name: value for name, value in params.items() if name != "OPTIONS"})

    def _either(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= SteadyRedisCache._left_alone_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except RedisError as error:
                logger.warning("redis does not answer", error=type(error).__name__)
                SteadyRedisCache._left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
        return getattr(self._here, method)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("set", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("delete", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("touch", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("incr", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("has_key", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        self._here.clear()
        return self._either("clear")
