"""The tab of gates: the policy of a model as text, and what it comes to."""
