"""What the JSON API of every service has."""
