"""Which files of other programs come in: `python -m benchmarks files` makes one of each form and reads it.

The forms are those of `tests/foreign_files`, written by the programs' own libraries where there are any.
"""

import sys
from time import perf_counter

from knowledge.formats.import_plan import ImportContents, ImportSource, read_source
from store.errors import Invalid
from tests.foreign_files.forms import FORMS, FileForm
from tests.foreign_files.sentences import ENGLISH, GERMAN


def main() -> None:
    """Print a line a form; fail when one isn't read whole."""
    print(f"{'form':40} {'read':>5} {'drafts':>7} {'named':>6} {'ms':>6}")
    whole = [_try(form) for form in FORMS]
    print(f"{sum(whole)} of {len(FORMS)} forms are read whole.")
    sys.exit(0 if all(whole) else 1)


def _try(form: FileForm) -> bool:
    raw = form.make()
    read_source(ImportSource(raw=raw, name=form.file))  # loads the libraries and models
    begun = perf_counter()
    try:
        found = read_source(ImportSource(raw=raw, name=form.file))
    except Invalid as error:
        print(f"{form.name:40} {error}")
        return False
    milliseconds = (perf_counter() - begun) * 1000
    is_whole = _is_whole(form, found)
    counts = f"{len(found.articles):>5} {len(found.held):>7} {found.problems.count:>6} {milliseconds:>6.0f}"
    print(f"{form.name:40} {counts}{'' if is_whole else '   not whole'}")
    return is_whole


def _is_whole(form: FileForm, found: ImportContents) -> bool:
    """Whether each question is there with the beginning of its answer, and what isn't for everybody is held back."""
    wordings = [content.variants.get(form.language) for content in found.articles.values()]
    said = {wording.question.rstrip("?"): wording.answer.replace("**", "") for wording in wordings if wording}
    pairs = GERMAN if form.language == "de" else ENGLISH
    told = all(pair.answer[:5] in said.get(pair.question.rstrip("?"), "") for pair in pairs)
    return told and (len(found.articles), len(found.held)) == (form.articles, form.held)


if __name__ == "__main__":
    main()
