"""Sensors of a new register: real weather stations, and examples.

The data are in the folder `seed/`; its README names their sources.
"""
