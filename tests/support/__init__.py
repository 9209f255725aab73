"""What tests are made with: servers of their own, child processes, a browser."""
