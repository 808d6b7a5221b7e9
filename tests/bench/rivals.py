"""Other booking systems, timed on a machine of two cores on 21 and 22 November 2026 (PostgreSQL 15, MariaDB 10.11).

Only ratios travel: each rate is divided by one INSERT in a Django view on that machine in that night (gunicorn,
2 workers of 4 threads, kept connections): 771.2 per second with 1 client, 1245.7 with 8. The rivals had 16 clients
where the insert had 8; so had a booking here and its insert 16 both. Their race: 200 attempts at one slot.
"""

from dataclasses import dataclass

INSERT = {1: 771.2, 16: 1245.7}


@dataclass(frozen=True)
class Rival:
    """Bookings per second with 1 and with 16 clients, medians; and how many of 20 contested slots it sold twice."""

    name: str
    per_second: dict[int, float]
    sold_twice: int

    def share(self, clients: int) -> float:
        """Of the insert on its own machine."""
        return self.per_second[clients] / INSERT[clients]


RIVALS = (
    Rival("MRBS 1.12.2, MariaDB", {1: 109, 16: 192}, 13),
    Rival("MRBS 1.12.2, PostgreSQL", {1: 20.2, 16: 41.3}, 16),
    Rival("LibreBooking 2024-10, MariaDB", {1: 53.4, 16: 90.8}, 19),
    Rival("Indico 3.2.9, PostgreSQL", {1: 29.9, 16: 38.5}, 15),
    Rival("pretix 2026.8.0, PostgreSQL", {1: 11.5, 16: 15.0}, 0),
)
