"""Labelled pages, made up for the detector: no page of anybody's is copied.

`held_out` holds the 200 that are measured; their wordings were written before the detector first
saw them, and it is never changed for one of them. `tuning` holds others, which it may be
fitted to.
"""
