"""What the front desk does with a message: keep it, answer it, raise the alarm, hand it to a person."""
