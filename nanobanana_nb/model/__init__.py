"""What is asked and what came back: pure frozen records, no I/O."""
