"""Running a project: from what is asked for to the end of its process, all of it noted in a run."""
