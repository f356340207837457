"""The libraries whose models are saved and loaded: one module each."""
