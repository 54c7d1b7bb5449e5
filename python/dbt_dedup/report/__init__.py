"""One HTML page on a trained model, for the owners of the product, the model and the pipeline."""
