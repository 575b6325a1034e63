"""What instruments said, in columnar files: rows by hour and shard, roll-ups beside them, and how they are read."""
