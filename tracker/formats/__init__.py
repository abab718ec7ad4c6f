"""How dates are written where nothing else is said: as on the public pages."""
