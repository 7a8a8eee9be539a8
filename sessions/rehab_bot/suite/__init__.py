"""What every model is tried with before patients may be answered by it."""
