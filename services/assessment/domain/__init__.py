"""The rules of assessment in plain Python: referentials, answers, scoring, actions, life cycle, sharing."""
