"""What is tried with a trace: how much a sentence decides, and what budgets are worth."""
