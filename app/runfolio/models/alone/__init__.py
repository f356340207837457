"""A model as a folder that runs where there is no Runfolio: its files, what pip installs, a script that predicts."""
