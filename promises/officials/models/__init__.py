from promises.officials.models.elections import Candidacy, Election, ResultReport
from promises.officials.models.people import Jurisdiction, Office, Person
from promises.officials.models.standing import ConflictOfInterest, Partnership
from promises.officials.models.terms import Term

__all__ = [
    "Candidacy",
    "ConflictOfInterest",
    "Election",
    "Jurisdiction",
    "Office",
    "Partnership",
    "Person",
    "ResultReport",
    "Term",
]
