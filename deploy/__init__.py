"""How Cesar is installed, scaled, upgraded, watched and saved: through the Docker API, in swarm mode.

One readable file describes an installation (``installation``). From it follows the desired stack as plain
data (``stack``, ``topology``), which a Docker engine is brought to (``swarm``) or which is written as
compose.yaml. No service imports this package and none of it is in a service's image.
"""
