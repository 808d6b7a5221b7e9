"""A load on `make serve`, on this machine only and for a fixed time; and what must hold in the database after it."""
