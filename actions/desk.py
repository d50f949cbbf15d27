"""What handling a service request needs to know of the city: a part of the house that loads without the language model."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions.geography import City
from actions.knowledge import Knowledge
from actions.requests.categories import Category, retired
from store.tables import ServiceRequestRow


@dataclass(frozen=True, slots=True)
class Desk:
    """Labels, places and categories; what staff commands, the console and the Open311 server load."""

    knowledge: Knowledge
    city: City
    categories: Mapping[str, Category]
    """Those of today, by intent; for a stored request ask `category`."""

    def category(self, row: ServiceRequestRow) -> Category:
        """The category of a request, also of one whose category has left `categories.yml` since."""
        return self.categories.get(row.category) or retired(row.category, row.body)
