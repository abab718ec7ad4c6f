"""What every app may use: no models, no knowledge of pledges."""
