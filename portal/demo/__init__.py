"""The demo: invented people, houses and bookings, and the pages to be somebody. Only with DEMO=1."""
