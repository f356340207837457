"""The projects that a store's people have run, or have put into its list."""
