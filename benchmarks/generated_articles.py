"""As many articles as one likes, made from our sample shop: each of its questions, about each of many products."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.articles.content import ArticleWording, Content
from knowledge.search.embedder import DIMENSIONS, ThreeModels, Vectors

SHOP = Path(__file__).parents[1] / "data" / "faq" / "shop.jsonl"
LANGUAGES = ("de", "en")

_MATERIALS = {
    "de": [
        "Leinen",
        "Wollen",
        "Kupfer",
        "Eichen",
        "Glas",
        "Filz",
        "Kork",
        "Stahl",
        "Baumwoll",
        "Porzellan",
        "Bambus",
        "Seiden",
        "Keramik",
        "Papier",
    ],
    "en": [
        "linen",
        "woollen",
        "copper",
        "oak",
        "glass",
        "felt",
        "cork",
        "steel",
        "cotton",
        "china",
        "bamboo",
        "silk",
        "ceramic",
        "paper",
    ],
}
_THINGS = {
    "de": [
        "decke",
        "lampe",
        "kanne",
        "schale",
        "tasche",
        "matte",
        "hülle",
        "bank",
        "vase",
        "kiste",
        "uhr",
        "bürste",
        "leiter",
        "jacke",
        "trommel",
    ],
    "en": [
        "blanket",
        "lamp",
        "jug",
        "bowl",
        "bag",
        "mat",
        "cover",
        "bench",
        "vase",
        "box",
        "clock",
        "brush",
        "ladder",
        "jacket",
        "drum",
    ],
}
_NAMES = tuple(
    [
        "Arve",
        "Birk",
        "Caro",
        "Dune",
        "Elin",
        "Faro",
        "Gral",
        "Hede",
        "Inka",
        "Jara",
        "Kilo",
        "Lund",
        "Mira",
        "Nori",
        "Olm",
        "Pera",
        "Quin",
        "Rune",
        "Sole",
        "Tavi",
    ]
)
_AND = " \N{EN DASH} "


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTopic:
    """What one article of the shop is asked, by language."""

    key: str
    asked: dict[str, tuple[str, ...]]


def read_topics() -> list[ShopTopic]:
    """The questions of the sample shop that are asked in both languages in at least four ways."""
    articles = [json.loads(line) for line in SHOP.read_text(encoding="utf-8").splitlines()]
    topics = [
        ShopTopic(
            key=article["key"],
            asked={
                language: (wording["question"], *wording["phrasings"])
                for language, wording in article["variants"].items()
            },
        )
        for article in articles
    ]
    return [t for t in topics if all(len(t.asked.get(language, ())) >= 4 for language in LANGUAGES)]


def products() -> Iterator[dict[str, str]]:
    """Names of products in both languages, all different: there are 4,200."""
    for (material, thing), name in product(product(range(14), range(15)), _NAMES):
        german = _MATERIALS["de"][material] + _THINGS["de"][thing]
        english = f"{_MATERIALS['en'][material]} {_THINGS['en'][thing]}"
        yield {"de": f"{german} {name}", "en": f"{english} {name}"}


def make_articles(count: int, *, most: int = 3) -> Iterator[tuple[str, Content]]:
    """Articles in both languages with one to `most` phrasings in each, the question included."""
    chance = random.Random(3)
    everything = product(islice(products(), count), read_topics())
    for number, (thing, topic) in enumerate(islice(everything, count)):
        variants = {
            language: _wording(chance.sample(topic.asked[language], chance.randint(1, most)), thing[language])
            for language in LANGUAGES
        }
        yield f"{topic.key}-{number}", Content(category=topic.key, variants=variants)


def _wording(asked: Sequence[str], thing: str) -> ArticleWording:
    said = [f"{text}{_AND}{thing}" for text in asked]
    return ArticleWording(
        question=said[0], phrasings=tuple(said[1:]), answer=f"**{thing}**: " + "So machen wir das. " * 12
    )


def make_questions(count: int, articles: int) -> list[tuple[str, str, str]]:
    """Language, text, and the key of the article: one of its phrasings without one of the words, or with a typo."""
    chance = random.Random(4)
    wanted = sorted(chance.sample(range(articles), min(count, articles)))
    asked = []
    for number, (key, content) in enumerate(make_articles(articles)):
        if wanted and number == wanted[0]:
            wanted.pop(0)
            language = chance.choice(LANGUAGES)
            topic, _, thing = chance.choice(content.variants[language].asked).partition(_AND)
            asked.append((language, f"{_misput(topic, chance)}{_AND}{thing}", key))
    return asked


def _misput(text: str, chance: random.Random) -> str:
    words = text.split()
    if len(words) > 2 and chance.random() < 1 / 2:
        words.pop(chance.randrange(len(words)))
        return " ".join(words)
    place = chance.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


class MixedEmbedder:
    """An embedder of these texts only: the real vectors of topic and product, mixed. Micro- instead of milliseconds.

    A topic with a typo gets the vector of the one that is spelt most alike.
    """

    def __init__(self, name: str = "mixing") -> None:
        self.name = name
        self._known: dict[str, NDArray[np.float32]] = {}
        self._topics: dict[str, set[str]] = {}

    def prepare(self) -> None:
        """Embed all topics, products and names, once: half a minute."""
        topics = [text for topic in read_topics() for asked in topic.asked.values() for text in asked]
        self._topics = {text: _pairs(text) for text in topics}
        parts = [part for thing in products() for name in thing.values() for part in name.rsplit(" ", 1)]
        texts = sorted({*self._topics, *parts}, key=len)
        embedder = ThreeModels()
        for start in range(0, len(texts), 64):
            some = texts[start : start + 64]
            self._known |= zip(some, embedder.embed_queries(some), strict=True)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 1280)."""
        mixed = np.array([self._mix(text) for text in texts], np.float32).reshape(-1, DIMENSIONS)
        return mixed / np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-9)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The same as for queries."""
        return self.embed_queries(texts)

    def _mix(self, text: str) -> NDArray[np.float32]:
        topic, _, thing = text.partition(_AND)
        chance = np.random.default_rng(abs(hash_of(text)))
        blur = chance.standard_normal(DIMENSIONS, np.float32) * np.float32(0.002)
        kind, _, name = thing.rpartition(" ")
        return 0.55 * self._near(topic) + 0.25 * self._near(kind) + 0.2 * self._near(name) + blur

    def _near(self, text: str) -> NDArray[np.float32]:
        """Its own vector, else that of the known text that shares the most pairs of letters."""
        known = self._known.get(text)
        if known is None:
            mine = _pairs(text)
            close = max(
                self._topics, key=lambda topic: len(mine & self._topics[topic]) / len(mine | self._topics[topic])
            )
            known = self._known[text] = self._known[close]
        return known


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def hash_of(text: str) -> int:
    """A number that is the same on every run."""
    return int.from_bytes(text.encode()[-8:], "little") ^ len(text)
