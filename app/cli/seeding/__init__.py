"""What a new register is filled with: real weather stations, and examples to look at.

The facts are in the folder `seed/`; its README says where they come from.
"""
