"""One HTML page that says what a trained model is worth: for those who own the product, the model and the pipeline."""
