"""Metrics: time series tied to pledges, every value with the date it was published."""
