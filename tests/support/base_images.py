"""Base images for tests, with the layout of the official ones, made of the machine's own distribution.

So no image registry has to be reached: the packages come from where this machine gets its own.
"""

import fcntl
import hashlib
import io
import os
import platform
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docker
from docker.errors import ImageNotFound

_CACHE = Path(__file__).parents[2] / ".cache" / "base-images"
_SCRIPT = Path(__file__).with_name("root_filesystem.sh")

# The files are the same in all; this is what the official images declare.
_DECLARATIONS = {
    "python": 'CMD ["python3"]',
    "nginx": "STOPSIGNAL SIGQUIT",
    "postgres": "ENV PGDATA=/var/lib/postgresql/data\nVOLUME /var/lib/postgresql/data\nSTOPSIGNAL SIGINT",
    "rabbitmq": "ENV HOME=/var/lib/rabbitmq\nVOLUME /var/lib/rabbitmq",
}


def base_images(client: docker.DockerClient) -> Mapping[str, str]:
    """The names of images for python, nginx, postgres and rabbitmq, made where the engine has none.

    They stay in the engine.
    """
    tarball = root_filesystem()
    names = {base: f"cesar-test/{base}:{tarball.stem}" for base in _DECLARATIONS}
    files = f"cesar-test/files:{tarball.stem}"
    if not _has(client, files):
        client.api.import_image(str(tarball), repository="cesar-test/files", tag=tarball.stem)
    for base, name in names.items():
        if not _has(client, name):
            dockerfile = f"FROM {files}\n{_DECLARATIONS[base]}\n"
            client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=name, rm=True)
    return names


def root_filesystem() -> Path:
    """A tarball of the distribution with Python and the servers; the first time it takes minutes.

    Raises RuntimeError with what was printed when it cannot be made.
    """
    suite = platform.freedesktop_os_release()["VERSION_CODENAME"]
    recipe = _SCRIPT.read_text() + suite
    tarball = _CACHE / f"{hashlib.sha256(recipe.encode()).hexdigest()[:12]}.tar"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not tarball.exists():
            for older in _CACHE.glob("*.tar"):
                older.unlink()
            with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
                command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", str(_SCRIPT)]
                _run([*command, folder, suite, *_source(suite)], env=_proxy())
                Path(folder, "root.tar").rename(tarball)
    return tarball


def _has(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def _source(suite: str) -> tuple[str, str]:
    """The components of the distribution that apt knows, with commas, and where it gets them."""
    form = "$(CODENAME) $(COMPONENT) $(REPO_URI)"
    listing = _run(["apt-get", "indextargets", "--format", form, "Identifier: Packages"])
    lines = [line.split(" ", 2) for line in listing.splitlines()]
    mirrors = {component: address for codename, component, address in lines if codename == suite}
    if "main" not in mirrors:
        raise RuntimeError("apt does not know where this distribution comes from: run apt-get update.")
    return ",".join(mirrors), mirrors["main"]


def _proxy() -> dict[str, str]:
    """What apt goes through, for programs that do not ask apt."""
    address = _run(["apt-config", "dump", "--format", "%v", "Acquire::http::Proxy"]).strip()
    return {"http_proxy": address} if address else {}


def _run(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """What a program prints. Raises RuntimeError with that when it fails."""
    done = subprocess.run(
        command,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    root_filesystem()
