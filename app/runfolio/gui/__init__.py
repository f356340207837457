"""The desktop window: the only code that knows Qt. It reads and changes the store, and never imports the client."""
