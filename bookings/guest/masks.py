"""Contact data as a private page shows it: enough to know it again, too little to use it."""


def masked_email(email: str) -> str:
    """ "m•••@voorbeeld.nl" """
    name, at, domain = email.partition("@")
    return f"{name[:1]}•••{at}{domain}" if at else ""


def masked_phone(phone: str) -> str:
    """The last two digits: "•••78" """
    return f"•••{phone[-2:]}" if phone else ""
