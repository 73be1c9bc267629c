"""Places at SEND Surgeries: held, booked, moved, cancelled, waited for and offered; never two for one seat."""
