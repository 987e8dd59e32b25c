"""The command line of a controller as a whole: the end of its service (art. 28(3)(g))."""

import shutil
from collections.abc import Callable
from datetime import datetime

import click

from config import Settings
from portal.domain.access import Actor, Forbidden
from portal.domain.lifecycle import NotNow
from portal.services import close_controller
from portal.services.command_line_sign_in import prove_staff
from portal.services.office import Office

Here = Callable[[], Office]
Given = Callable[[], Settings]
_REFUSED = {
    "state": "Nobody has proposed it in the last thirty days: --propose LOGIN first.",
    "own_closing": "Whoever proposed it cannot carry it out: that takes another person.",
    "open_cases": "Requests are open: answer them, or hand them over with the data and close them.",
    "service_goes_on": "The service has not ended yet.",
}


def group(here: Here, settings: Given) -> click.Group:
    """The commands under `flask controllers`; `here` and `settings` give this installation's when one is run."""
    controllers = click.Group("controllers", help="Controllers: the end of their service.")
    controllers.add_command(_close(here, settings))
    return controllers


def _close(here: Here, settings: Given) -> click.Command:
    @click.command("close")
    @click.argument("register")
    @click.option("--propose", metavar="LOGIN", help="Propose it, as this account (administrator or data protection "
                  "officer).")  # fmt: skip
    @click.option("--ended", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the service ended.")
    @click.option("--carry-out", metavar="LOGIN", help="Carry out what another proposed, as this account (decision "
                  "maker or data protection officer). There is no way back.")  # fmt: skip
    def close(register: str, propose: str | None, ended: datetime | None, carry_out: str | None) -> None:
        """Remove all that is REGISTER's: keys, files, rows. Alone it is a dry run, which counts and touches nothing."""
        office = here()
        if register not in office.registers:
            raise click.ClickException(f"no such register: {register}")
        if (propose and carry_out) or bool(propose) != bool(ended):
            raise click.UsageError("give --propose LOGIN with --ended DAY, or --carry-out LOGIN, or neither")
        _show(office, register)
        try:
            if propose and ended:
                by = close_controller.propose_closing(office, _who(office, register, propose), register, ended.date())
                click.echo(f"Proposed. Another person carries it out within thirty days, and by {by} at the latest.")
            elif carry_out:
                actor = _who(office, register, carry_out)
                click.confirm(f"Destroy the keys of {register} and remove all of it for good?", abort=True)
                close_controller.close_controller(office, actor, register)
                shutil.rmtree(settings().data_dir / "uploads" / register, ignore_errors=True)
                click.echo(f"{register} is removed. Restart the portal, and take its register file away.")
        except NotNow as refused:
            raise click.ClickException(_REFUSED.get(str(refused), str(refused))) from None
        except Forbidden:
            raise click.ClickException("the account or its credentials do not allow it") from None

    return close


def _who(office: Office, register: str, login: str) -> Actor:
    password = click.prompt("Password", hide_input=True)
    return prove_staff(office, register, login, password, click.prompt("One-time code", hide_input=True))


def _show(office: Office, register: str) -> None:
    extent, files = close_controller.survey(office, register)
    click.echo(
        f"{register}: {extent.cases} cases ({extent.open_cases} open), {extent.recordings} recordings ({extent.held} "
        f"held), {files} files, {extent.accounts} staff accounts; {extent.rows} rows in all"
    )
