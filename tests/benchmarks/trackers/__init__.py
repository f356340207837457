"""One module for each tracker that is compared: the same work, each in the way that its own documentation shows.

Each has `start(folder)`, `log(values, step)` and `finish()`, which returns when all is on disk; and for whole runs with
params, tags, metrics and a file `small_run(folder, number, values, note)` and `small_runs_done()`.
"""
