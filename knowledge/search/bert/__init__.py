"""Models of BERT's kind in few bits, run by onnxruntime: what e5 and MiniLM have in common."""
