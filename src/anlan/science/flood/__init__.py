"""Shallow water on a grid: rain, river and tide over streets, walls and drains.

`grid` is the ground; `inertial` and `momentum` advance the water on it, `subgrid` on a coarse grid that keeps what is
finer than its cells; `simulation` runs one of them through time with all that falls, flows in and is taken away.
"""
