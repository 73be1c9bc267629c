"""Where a person takes over, and what must survive a restart. Cases and bookings arrive with a later issue."""
