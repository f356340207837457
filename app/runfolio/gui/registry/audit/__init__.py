"""The tab of the audit log: what was done, by whom, when and why; proved, exported, and as of any date."""
