"""How old a password may be: what the privacy notices of an account's registers promise, and nothing where none does.

The strictest promise counts. Its last day is still good: with 90 days, day 90 opens and day 91 asks for a change. A
passkey is no password: it has no age and is not stopped by one.
"""

from datetime import timedelta

from portal.services.office import HELSINKI, Office
from portal.services.ports import Account

WARNING = timedelta(days=14)


def limit(office: Office, account: Account) -> timedelta | None:
    """The strictest age among the registers in which the account holds a role; None: no notice promises one."""
    days = [
        register.password_max_age_days
        for register in office.registers.values()
        if account.roles.get(register.id) and register.password_max_age_days is not None
    ]
    return timedelta(days=min(days)) if days else None


def days_left(office: Office, account: Account) -> int | None:
    """Days until the password's last good day (0 on it, negative after); None where it has no end."""
    longest = limit(office, account)
    if longest is None or account.password is None or account.password_at is None:
        return None
    return (account.password_at.astimezone(HELSINKI).date() + longest - office.today()).days


def must_change(office: Office, account: Account) -> bool:
    """May the password open nothing before it is changed: it is too old, or somebody else may know it?"""
    left = days_left(office, account)
    return account.password is not None and (account.compromised or (left is not None and left < 0))


def warning(office: Office, account: Account) -> int | None:
    """Days left, where fewer than a fortnight are; 0 also where the password must be changed; None: nothing to say."""
    if must_change(office, account):
        return 0
    left = days_left(office, account)
    return left if left is not None and left <= WARNING.days else None
