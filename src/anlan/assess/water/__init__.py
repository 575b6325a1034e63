"""Water over a city: cases, forecasts, and what they do."""
