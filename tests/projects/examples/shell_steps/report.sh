#!/bin/bash
# Tells what a file of steps says; without one, what it was given, and to which run that belongs.
if [ $# -eq 2 ] && [ -f "$1" ]; then
    echo "$(grep -c . "$1") steps, the last one: $(tail -n 1 "$1")"
    echo "the greeting is <$2>"
else
    printf '<%s>' "$@"
    echo " in the run $MLFLOW_RUN_ID"
fi
