"""Devices' own messages, read as the catalog's payload mappings say."""
