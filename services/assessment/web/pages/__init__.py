"""Assessment's pages: thin views that load a form, call a handler and show what came of it."""
