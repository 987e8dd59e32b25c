"""The command line of staff accounts. Whoever may use it is trusted with every account: it hands out one-time links."""

from collections.abc import Callable

import click

from config import Settings
from portal.domain.access import Role
from portal.services import staff_accounts, staff_recorder
from portal.services.office import Office

Here = Callable[[], Office]
Given = Callable[[], Settings]


def group(here: Here, settings: Given) -> click.Group:
    """The commands under `flask staff`; `here` and `settings` give this installation's when one is run."""
    staff = click.Group("staff", help="Staff accounts.")
    own = (_recorder(here), _compromised(here), _disable(here), _list(here))
    for made in (_add(here, settings), _link(here, settings), *own):
        staff.add_command(made)
    return staff


def _add(here: Here, settings: Given) -> click.Command:
    @click.command("add")
    @click.argument("login")
    @click.option("--name", required=True, help="As shown to colleagues and in decisions.")
    @click.option("--title", default="", help="Such as tietosuojakäsittelijä.")
    @click.option("--register", "register_ids", multiple=True, required=True)
    @click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
    def add(login: str, name: str, title: str, register_ids: tuple[str, ...], roles: tuple[str, ...]) -> None:
        """Make an account (or give a known one roles) and print its one-time link, good for a day."""
        office = here()
        unknown = set(register_ids) - set(office.registers)
        if unknown:
            raise click.ClickException(f"no such register: {', '.join(sorted(unknown))}")
        held = {register: frozenset(Role(role) for role in roles) for register in register_ids}
        click.echo(_address(settings(), staff_accounts.add_staff(office, login, name, title, held)))

    return add


def _link(here: Here, settings: Given) -> click.Command:
    @click.command("link")
    @click.argument("login")
    def link(login: str) -> None:
        """Print a new one-time link, good for a day, for somebody who cannot get in. It ends their old ways in."""
        token = staff_accounts.new_link(here(), login)
        if token is None:
            raise click.ClickException("no such account, it is disabled, or it signs in by its organisation")
        click.echo(_address(settings(), token))

    return link


def _recorder(here: Here) -> click.Command:
    @click.command("recorder")
    @click.argument("login")
    @click.option("--register", required=True)
    @click.option("--name", "names", multiple=True, help="As the recorder writes it; may be given several times.")
    @click.option("--supervisor", "above", multiple=True, help="Login; may be given several times.")
    def recorder(login: str, register: str, names: tuple[str, ...], above: tuple[str, ...]) -> None:
        """Say who an account is in the recorder and who supervises it, in place of what was said before."""
        try:
            found = staff_recorder.link_by_login(here(), register, login, names, above)
        except staff_recorder.BadLink as fault:
            raise click.ClickException(f"{_FAULTS[fault.code]}: {fault.what}".rstrip(": ")) from None
        if not found:
            raise click.ClickException("no such account in this register")

    return recorder


_FAULTS = {
    "many": f"more than {staff_recorder.MOST_NAMES} names",
    "long": f"a name is longer than {staff_recorder.LONGEST_NAME} characters",
    "taken": "another account has this name in the recorder",
    "unknown": "no such supervisor in this register",
    "own": "nobody supervises themselves",
}


def _compromised(here: Here) -> click.Command:
    @click.command("compromised")
    @click.argument("login")
    def compromised(login: str) -> None:
        """Somebody else may know the password: end every session, and have it changed at the next sign-in."""
        if not staff_accounts.compromised(here(), login):
            raise click.ClickException("no such account")

    return compromised


def _disable(here: Here) -> click.Command:
    @click.command("disable")
    @click.argument("login")
    def disable(login: str) -> None:
        """Cut an account off at once, its sessions included."""
        if not staff_accounts.disable(here(), login):
            raise click.ClickException("no such account")

    return disable


def _list(here: Here) -> click.Command:
    @click.command("list")
    def list_() -> None:
        """The accounts and their roles."""
        with here().reading() as work:
            holders = work.passkeys.holders()
            for account in work.staff.everyone():
                roles = "; ".join(f"{register}: {', '.join(sorted(held))}" for register, held in account.roles.items())
                ready = account.factor or account.id in holders
                state = "disabled" if account.disabled else "ready" if ready else "link not used yet"
                click.echo(f"{account.login:24} {account.name:24} {state:18} {roles}")

    return list_


def _address(settings: Settings, token: str) -> str:
    return f"{str(settings.staff_url).rstrip('/')}/fi/staff/link/{token}"
