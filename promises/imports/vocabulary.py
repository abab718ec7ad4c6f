"""What the words of other trackers usually mean here. A person confirms each of them.

Sources: the published scales of PolitiFact's promise meters, of the Polimeter (Université Laval),
and the words most often met in the open data of other trackers.
"""

import re
import unicodedata

STATUS = {
    "not_yet_rated": "not yet rated|not rated|not started|unrated|pending|no rating|to do|todo|not yet"
    " begun|à venir|pas encore évalué|sin empezar|planned|announced|not yet addressed|untracked|no data|nodata",
    "in_the_works": "in the works|in progress|in progress first steps|ongoing|underway|under way|started|"
    "en cours|en marcha|en progreso|on track|active|in process|in development|being implemented|began",
    "stalled": "stalled|stuck|paused|on hold|delayed|blocked|no progress|bloqué|estancada|inactive|"
    "at risk|behind schedule",
    "compromise": "compromise|partially kept|partly kept|kept in part|partial|partially fulfilled|"
    "partially achieved|partiellement réalisée|mostly kept|compromiso|partially complete|half true|"
    "partially implemented|partly|partially|largely|mostly",
    "kept": "kept|promise kept|achieved|fulfilled|completed|complete|done|delivered|implemented|"
    "réalisée|tenue|cumplida|cumplido|finished|success|yes|kept promise",
    "broken": "broken|promise broken|not achieved|not fulfilled|failed|rompue|brisée|incumplida|"
    "unfulfilled|abandoned|not kept|reversed|no|cancelled|canceled|dropped|broken promise|not delivered|undelivered",
    "unratable": "unratable|unrateable|unclear|cannot be rated|too vague|not rateable|non-assessable|"
    "vague|imprecise",
}
STANCE = {
    "supports": "supports|support|for|positive|confirms|pro|yes|kept|proof",
    "contradicts": "contradicts|contradict|against|negative|refutes|con|disputes|no|broken",
    "context": "context|neutral|background|mixed|related|information|info|reference",
}
PLEDGE_KIND = {
    "outcome": "outcome|deliver|action|goal|output|result",
    "standing": "standing|always|never|status quo|permanent|maintain|ongoing commitment",
}
ORIGIN = {
    "campaign": "campaign|election|manifesto|platform|party platform|electoral programme|pre election",
    "in_office": "in office|office|term|government|after election|policy speech|budget",
}
CONTROL = {
    "office": "office|own|full|itself|direct",
    "shared": "shared|partial|joint|both",
    "others": "others|other|external|legislature|council|court|federal",
}
EVIDENCE_KIND = {
    "policy_memo": "policy memo|memo|policy|directive|guideline",
    "court_filing": "court filing|court|filing|lawsuit|judgment|court document|motion",
    "official_data": "official data|data|dataset|statistics|official statistics|dashboard",
    "legislation": "legislation|law|bill|act|statute|ordinance",
    "statement": "statement|press release|speech|interview|tweet|social media|video|announcement",
    "news_report": "news report|news|article|news article|press|media|newspaper|report in the press",
    "independent_study": "independent study|study|report|research|academic|audit",
    "campaign_material": "campaign material|campaign|website|platform|manifesto|leaflet|brochure",
    "election_result": "election result|result|results",
}
PROVENANCE = {
    "self_reported": "self reported|self-reported|official|office|own|government|campaign",
    "independent": "independent|media|press|third party|academic|journalist|news",
    "adversarial": "adversarial|opponent|opposition|critic|defense|plaintiff",
}
CHECKED = {
    "excerpt": "excerpt|read|verified|checked|yes|confirmed",
    "computed": "computed|calculated|data",
    "unconfirmed": "unconfirmed|unverified|no|not checked|unknown",
}
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?%?")


def plain_word(text: str) -> str:
    """Return a word as words are compared: small letters without accents, signs and emoji."""
    split = unicodedata.normalize("NFKD", text)
    kept = "".join(sign for sign in split if not unicodedata.combining(sign)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())


def suggestion(words: dict[str, str], text: str) -> str:
    """Return the value here that a word of the source usually means, or ""."""
    word = plain_word(text)
    for value, names in words.items():
        if word == plain_word(value) or word in {plain_word(name) for name in names.split("|")}:
            return value
    return ""


def out_of_scale(values: dict[str, int]) -> set[str]:
    """Return the numbers outside a scale of scores: those that stand apart from nearly all others.

    A column is a scale when nine in ten of its rows are whole numbers from 0 to the same top (5,
    10 or 100); anything else in it, words too, is outside.
    """
    total = sum(values.values())
    numbers = {
        text: float(text.rstrip("%").replace(",", "."))
        for text in values
        if _NUMBER.fullmatch(text.strip())
    }
    for top in (5, 10, 100):
        inside = {text for text, number in numbers.items() if 0 <= number <= top}
        if total and sum(values[text] for text in inside) >= 0.9 * total:
            return set(values) - inside
    return set()
