"""How a member logs in: her devices, her app, where she is logged in, her address. Behind `/mijn/inloggen/`."""
