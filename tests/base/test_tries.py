"""Where somebody is on the network, as far as it can be believed."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from portal.base.address import client_ip


@pytest.mark.parametrize(
    ("trusted", "said", "address"),
    [
        ([], "192.0.2.1", "127.0.0.1"),
        (["127.0.0.1"], "192.0.2.1", "192.0.2.1"),
        (["127.0.0.1"], "192.0.2.9, 192.0.2.1", "192.0.2.1"),
        (["127.0.0.1", "10.0.0.1"], "192.0.2.1, 10.0.0.1", "192.0.2.1"),
        (["127.0.0.1"], "", "127.0.0.1"),
        (["127.0.0.1"], " , ", "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_where_she_is(
    settings: Settings, rf: RequestFactory, trusted: list[str], said: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted
    assert client_ip(rf.get("/", headers={"X-Forwarded-For": said})) == address
