"""What a training script touches. Standard library alone; SQLAlchemy and numpy are loaded by the background thread."""
