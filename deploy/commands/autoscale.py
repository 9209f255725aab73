"""``cesar deploy autoscale``: what the component ``autoscaler`` runs."""

from __future__ import annotations

from deploy.commands.common import DEFAULT_FILE, FileOption, connect_to_engine, read_installation
from services.console.output import console, fail


def autoscale(file: FileOption = DEFAULT_FILE) -> None:
    """Let the number of workers follow the events that wait, within the bounds of the installation's file.

    Runs until it is stopped, where the workers can be reached by their names: the installation starts it by
    itself as soon as a service has a range of workers. [bold]cesar deploy status[/] shows what it decided.
    """
    from deploy.autoscaling import run
    from deploy.topology import stack_of

    stack, client = stack_of(read_installation(file)), connect_to_engine()
    elastic = [component.name for component in stack.components if component.replicas.is_elastic]
    if not elastic:
        fail("No service of this installation has a range of workers, such as {least = 1, most = 4}.")
    _say(f"Watching {', '.join(elastic)}.")
    run(client, stack, _say)


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, soft_wrap=True)
