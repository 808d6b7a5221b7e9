"""Photos in the admin: on the page of the house, each with its words; its file goes when the row has gone."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.factories import log_in_fully, make_house, make_photo, make_user
from tests.villages.test_admin import change, errors, page
from tests.villages.test_photos import picture, written
from villages import photos
from villages.models import Dorpshuis, Photo

pytestmark = [pytest.mark.database_long, pytest.mark.django_db]

ALT = "Een kamer met vier bureaus."


@pytest.fixture
def client(client: Client) -> Client:
    log_in_fully(client, make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def house() -> Dorpshuis:
    return make_house("het-huis")


def stored() -> set[str]:
    return {f"foto/{path.name}" for path in Path(settings.MEDIA_ROOT, "foto").glob("*")}


def upload(client: Client, house: Dorpshuis, content: bytes, number: int = 0, **fields: Any) -> Any:
    file = SimpleUploadedFile("Marieke thuis.jpg", content, "image/jpeg")
    given = {"image": file, "alt": ALT} | fields
    named = {f"photos-{number}-{name}": value for name, value in given.items()}
    return change(client, house, **{"photos-TOTAL_FORMS": number + 1, f"photos-{number}-position": 1}, **named)


def test_a_photo_is_added_small_and_under_a_name_that_says_nothing(client: Client, house: Dorpshuis) -> None:
    before = stored()
    assert errors(upload(client, house, written(picture()))) == ""
    photo = Photo.objects.get()
    assert (photo.dorpshuis, photo.alt, photo.width, photo.height) == (house, ALT, 960, 720)
    assert stored() - before == {photo.image.name}
    assert "marieke" not in str(photo.image.name).lower()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", photos.EMPTY),
        (b"<svg></svg>", photos.UNKNOWN),
        (written(picture(640, 480))[:3000], photos.BROKEN),
        (b"x" * (photos.MAX_UPLOAD + 1), photos.TOO_HEAVY),
    ],
    ids=["empty", "a drawing", "half a photo", "too heavy"],
)
def test_what_is_no_photo_gets_a_sentence_and_is_not_stored(
    client: Client, house: Dorpshuis, content: bytes, sentence: str
) -> None:
    before = stored()
    answer = upload(client, house, content)
    assert (answer.status_code, sentence in errors(answer)) == (200, True)
    assert (Photo.objects.count(), stored()) == (0, before)


@pytest.mark.parametrize("alt", ["", "foto"])
def test_a_photo_needs_words_for_who_can_not_see_it(client: Client, house: Dorpshuis, alt: str) -> None:
    before = stored()
    assert errors(upload(client, house, written(picture()), alt=alt)) != ""
    assert (Photo.objects.count(), stored()) == (0, before)


def test_a_house_has_at_most_six_photos(client: Client, house: Dorpshuis) -> None:
    for _ in range(6):
        make_photo(house)
    assert errors(upload(client, house, written(picture()), number=6)) != ""
    assert Photo.objects.count() == 6


def test_other_words_leave_the_picture_as_it_is(client: Client, house: Dorpshuis) -> None:
    photo = make_photo(house)
    change(client, house, **{"photos-0-alt": "Het raam aan de brink."})
    changed = Photo.objects.get()
    assert (changed.alt, changed.image.name) == ("Het raam aan de brink.", photo.image.name)


def test_a_lost_file_does_not_break_the_page_of_the_house(client: Client, house: Dorpshuis) -> None:
    photo = make_photo(house)
    photo.image.storage.delete(str(photo.image.name))
    assert errors(change(client, house, **{"photos-0-alt": "Het raam aan de brink."})) == ""
    assert Photo.objects.get().alt == "Het raam aan de brink."


def test_a_deleted_photo_takes_its_file_along_after_the_commit(
    client: Client, house: Dorpshuis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    name = make_photo(house).image.name
    with django_capture_on_commit_callbacks() as after:
        change(client, house, **{"photos-0-DELETE": "on"})
    assert (Photo.objects.count(), name in stored(), len(after)) == (0, True, 1)
    after[0]()
    assert name not in stored()


@pytest.mark.django_db(transaction=True)
def test_a_delete_that_is_taken_back_keeps_the_file(house: Dorpshuis) -> None:
    name = make_photo(house).image.name
    with transaction.atomic():
        Photo.objects.all().remove()
        transaction.set_rollback(True)
    assert (Photo.objects.count(), name in stored()) == (1, True)


def test_a_house_made_by_mistake_takes_its_photos_along(
    client: Client, house: Dorpshuis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    empty = make_house("leeg", desks=0, parts=(), cents=None)
    name = make_photo(empty).image.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(Dorpshuis, "delete", empty.pk), {"post": "yes"})
    assert (Photo.objects.count(), name in stored()) == (0, False)
