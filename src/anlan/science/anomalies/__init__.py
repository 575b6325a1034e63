"""Anomalies in streams: detectors that give each sample a score from 0 to 1, and published ways to score detectors."""
