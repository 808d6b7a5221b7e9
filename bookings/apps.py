from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
    verbose_name = "Boekingen"

    def ready(self) -> None:
        from bookings import mails  # noqa: PLC0415 - the models are read only when Django is ready

        mails.register_all()
