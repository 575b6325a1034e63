"""What is where, and who lives there: areas, assets, sensors, terrain, roads and map layers of one city package."""
