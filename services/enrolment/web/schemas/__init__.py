"""What comes in through forms and through the API."""
