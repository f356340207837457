"""The page of storage: what takes the room of a store, and what of it can go."""
