"""Working at the queue of a store: one process at a time, which starts jobs as there are places for them."""
