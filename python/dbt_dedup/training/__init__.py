"""Learn a classifier from labelled pairs, or without any, and measure how good it is."""
