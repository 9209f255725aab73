"""An installation in Docker's swarm: found out, brought to what it should be, scaled, taken away."""

from deploy.swarm.convergence import apply, converge
from deploy.swarm.deployed import Deployed, observe
from deploy.swarm.difference import Action, Change, Difference
from deploy.swarm.planning import Plan, plan
from deploy.swarm.problems import StackProblem
from deploy.swarm.progress import Progress, State, progress
from deploy.swarm.removal import take_down
from deploy.swarm.services import scale
from deploy.swarm.undoing import apply_or_undo
from deploy.swarm.waits import PATIENCE, Report, wait_until_well

__all__ = [
    "PATIENCE",
    "Action",
    "Change",
    "Deployed",
    "Difference",
    "Plan",
    "Progress",
    "Report",
    "StackProblem",
    "State",
    "apply",
    "apply_or_undo",
    "converge",
    "observe",
    "plan",
    "progress",
    "scale",
    "take_down",
    "wait_until_well",
]
