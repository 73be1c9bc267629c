"""Where a person takes over, and everything that must survive a restart, a crash and an audit."""
