"""Lets the number of workers follow their queues: what is seen, what is decided, what is done."""

from deploy.autoscaling.loop import LastDecision, last_decision, run

__all__ = ["LastDecision", "last_decision", "run"]
