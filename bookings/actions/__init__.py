"""The only writers of what is taken. Each takes the house's lock, checks, writes, and logs one entry."""
