"""What is on Python's path of a project's process; its folders are found there under names of their own."""
