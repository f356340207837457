"""Python environments made of what files declare, kept in the user's cache; the processes that make and use them."""
