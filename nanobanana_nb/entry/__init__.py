"""What Python calls: generate, sweep, edit and their relatives."""
