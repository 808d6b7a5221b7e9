"""The lock that every writer takes first (rule 2)."""

from django.db import transaction

from villages.models import Dorpshuis


def lock(dorpshuis_id: int) -> Dorpshuis:
    """The house, locked until the end of the transaction; waits for whoever holds it.

    Whatever takes a slot or takes the offer away locks the dorpshuis row, then checks, then writes:
    so "any free desk" fills all desks, and a closure and a booking never both succeed. Foreign keys
    to the house may still be written by others (`no_key`). On SQLite the transaction itself, begun
    as IMMEDIATE, is the lock. Several houses: in the order of their numbers.

    The same statement moves the version of the house on, so that no page of before is shown again.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("lock() outside a transaction holds nothing")
    return Dorpshuis.objects.lock_and_move_on(dorpshuis_id)
