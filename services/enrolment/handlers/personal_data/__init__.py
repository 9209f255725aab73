"""What people ask about their data: copies, erasures; and the accounts that nobody uses any more."""
