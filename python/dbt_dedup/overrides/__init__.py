"""What people decide against the model: write it to the override log, after showing what will happen."""
