"""Compiled sweeps, one file each: what is kept on disk follows the changes of its own file."""
