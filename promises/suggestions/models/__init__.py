"""Challenges of ratings, and suggestions of what is missing."""

from promises.suggestions.models.challenges import Challenge
from promises.suggestions.models.sent import SentOnce
from promises.suggestions.models.suggested import Suggestion

__all__ = ["Challenge", "SentOnce", "Suggestion"]
