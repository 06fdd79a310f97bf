"""Registering and changing a sensor in steps: a draft is saved at each step, checked by the register, and submitted.

It has no rule of its own. Guidelines: NL Design System, forms; GOV.UK, check answers.
"""
