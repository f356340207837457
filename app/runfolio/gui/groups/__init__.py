"""Groups of runs: where one chooses what they are made by, and the commands for them."""
