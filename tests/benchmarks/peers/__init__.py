"""Others that do the same work, each as its own manual has it, each in one process."""
