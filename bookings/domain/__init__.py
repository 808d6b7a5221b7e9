"""The rules, as arithmetic on plain values. Standard library only: no Django, no database, no clock."""
