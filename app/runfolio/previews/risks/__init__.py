"""What in a file could run code, told without running any."""
