"""A served model as an image: the folder that docker builds it from."""
