"""Who may create a task, who holds it, and what a dead process leaves."""
