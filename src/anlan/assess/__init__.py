"""What may happen, and how bad: cyclones, outlooks, forecasts of water and wind, and their impact."""
