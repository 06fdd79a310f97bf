"""Receipts: proof of what was submitted, written in the transaction of the submission. Source: decision 0082."""
