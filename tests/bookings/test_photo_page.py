"""A photo by its address: kept for good by who has it, and only of a house that has a page."""

import pytest
from django.test import Client

from tests.factories import make_house, make_photo
from tests.guest import on_monday
from villages.models import Dorpshuis, Photo

pytestmark = [pytest.mark.django_db, on_monday]


def test_a_photo_is_kept_for_good(client: Client) -> None:
    photo = make_photo(make_house())
    answer = client.get(photo.get_absolute_url())
    assert answer.content[:4] + answer.content[8:12] == b"RIFFWEBP"
    told = {name: answer[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")}
    assert told == {
        "Content-Type": "image/webp",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    assert ("Set-Cookie" in answer, "Cookie" in answer.get("Vary", "")) == (False, False)


@pytest.mark.parametrize("status", [Dorpshuis.Status.STOPPED, Dorpshuis.Status.ASKED])
def test_the_photo_of_a_house_without_a_page_is_not_there(client: Client, status: str) -> None:
    assert client.get(make_photo(make_house(status=status)).get_absolute_url()).status_code == 404


def test_a_photo_whose_file_was_lost_is_404(client: Client) -> None:
    photo = make_photo(make_house())
    photo.image.storage.delete(str(photo.image.name))
    assert client.get(photo.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["geen.webp", "..%2f..%2fnaoberplek.sqlite3", "%00", "a" * 300])
def test_another_name_is_404(client: Client, name: str) -> None:
    make_photo(make_house())
    assert client.get(f"/foto/{name}").status_code == 404
    assert Photo.objects.count() == 1
