"""Mail as it comes in: pure functions of its bytes."""
