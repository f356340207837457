"""The queue of jobs in the window: its page, what is done with jobs there, and who works at it."""
