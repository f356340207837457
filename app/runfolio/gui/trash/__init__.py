"""The trash: the way into it, what is in it, taking it back, and emptying it."""
