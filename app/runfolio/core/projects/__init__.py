"""Projects: what an MLproject file says, which values its parameters take, and what is asked to be run."""
