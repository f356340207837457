"""Models as functions: whatever they are made with, they are called with data and params."""
