"""Starts PostgreSQL and Redis for a machine that has neither, and runs everything beside them.

`python -m tracker.services run` is what `make run` calls; `exec -- COMMAND` gives one command
both services for as long as it runs. Nothing in here imports Django or the domain.
"""
