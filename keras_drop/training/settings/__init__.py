"""Settings of a run in groups, and what each group makes: one file a group."""
