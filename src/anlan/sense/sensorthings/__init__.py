"""OGC SensorThings API 1.1, Sensing part (OGC 18-088): instruments in the words of the standard.

A Thing is an asset that carries sensors, a Datastream is a registered sensor, an Observation a row of the history.
"""
