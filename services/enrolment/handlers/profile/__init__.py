"""What people change of their own account: name, language, telephone number, address."""
