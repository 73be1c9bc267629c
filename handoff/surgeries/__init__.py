"""SEND Surgery sessions as officers plan, publish, move, withdraw and run them."""
