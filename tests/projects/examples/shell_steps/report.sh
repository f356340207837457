#!/bin/bash
# Tells what a file of steps says, and to which run this belongs.
file=${1:-none}
if [ "$file" = none ]; then
    echo "no file; the run is $MLFLOW_RUN_ID"
else
    echo "$(grep -c . "$file") steps, the last one: $(tail -n 1 "$file")"
    echo "the greeting is <$2>"
fi
