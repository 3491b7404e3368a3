"""What a plain classifier reaches on the same articles and questions: TF-IDF and a linear support vector machine."""

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from knowledge.articles.content import Content


def first_places(articles: Sequence[tuple[str, Content]], questions: Sequence[str]) -> list[str]:
    """The baseline's article for each question. It knows no language and no outcome `none`."""
    texts = [text for _, content in articles for text in content.asked]
    owners = [key for key, content in articles for _ in content.asked]
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, pieces), LinearSVC()).fit(texts, owners)
    return [str(key) for key in model.predict(list(questions))]
