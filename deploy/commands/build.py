"""``cesar deploy build``: the images of an installation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from deploy.commands.common import DEFAULT_FILE, FileOption, read_installation
from services.console.output import console, fail, print_json


def build(
    services: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help="Services, or operator; all of them by default."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Use no layer that was built before.")] = False,
    file: FileOption = DEFAULT_FILE,
    as_json: Annotated[
        bool, typer.Option("--json", help="What was built as JSON, without progress.")
    ] = False,
) -> None:
    """Build the images that this installation runs, on the engine that DOCKER_HOST names.

    Each image holds the code of one service and its locked libraries on the base that
    [bold]\\[images] python[/] names. The same code gives the same layers, wherever and whenever it is built.

    A cluster needs the images on each of its machines: push them to a registry, or [bold]docker save[/] and
    [bold]docker load[/] them.
    """
    from rich.progress import BarColumn, Progress, TextColumn

    from deploy.engine import EngineProblem, connect
    from deploy.images.build import build_images
    from deploy.images.contents import IMAGES
    from deploy.images.problem import ImageProblem

    images = services or list(IMAGES)
    if unknown := [name for name in images if name not in IMAGES]:
        fail(f"There is no image “{unknown[0]}”. There is: {', '.join(IMAGES)}.")
    installation = read_installation(file)
    columns = (TextColumn("{task.fields[image]}"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=as_json) as progress:
        bars = {image: progress.add_task("waits", total=1, image=image) for image in images}
        try:
            built = build_images(
                connect(manages_swarm=False),
                installation,
                images,
                report=lambda image, step, done: progress.update(
                    bars[image], description=step, completed=done
                ),
                use_cache=not fresh,
            )
        except (EngineProblem, ImageProblem) as error:
            progress.stop()
            fail(str(error))
    if as_json:
        print_json([asdict(image) for image in built])
    else:
        for image in built:
            sizes = f"{image.size / 1e6:.0f} MB, {image.own_size / 1e6:.0f} MB of it on the base"
            console.print(f"{image.name}  {sizes}", highlight=False)
