"""One row of the table of differences, laid open: curves, lines of text, values of files, or pictures."""
