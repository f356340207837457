"""The page of servers: models that answer on this machine, and a form to ask them by."""
