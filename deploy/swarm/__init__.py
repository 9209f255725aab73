"""An installation in Docker's swarm: found out, brought to what it should be, scaled, taken away."""

from deploy.swarm.convergence import PATIENCE, apply, converge
from deploy.swarm.deployed import Deployed, observe
from deploy.swarm.difference import Action, Change, Difference
from deploy.swarm.planning import Plan, plan
from deploy.swarm.problems import StackProblem
from deploy.swarm.progress import Progress, State, progress
from deploy.swarm.removal import take_down
from deploy.swarm.services import scale

__all__ = [
    "PATIENCE",
    "Action",
    "Change",
    "Deployed",
    "Difference",
    "Plan",
    "Progress",
    "StackProblem",
    "State",
    "apply",
    "converge",
    "observe",
    "plan",
    "progress",
    "scale",
    "take_down",
]
