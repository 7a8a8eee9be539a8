"""pytest plugin: private servers for the run."""
