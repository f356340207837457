"""The queue of jobs in the database: its tables, what is asked of it, and every change to it."""
