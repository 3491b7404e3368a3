"""`python -m i18n check` says what is wrong with the catalogs; `python -m i18n update` brings them up to the source."""

import sys

from i18n.upkeep import problems, update


def main(arguments: list[str]) -> int:
    """0 if all is well, 1 if a catalog is not whole, 2 if the command is unknown."""
    if arguments == ["update"]:
        update()
    elif arguments != ["check"]:
        sys.stderr.write("Expected: python -m i18n check, or python -m i18n update\n")
        return 2
    found = list(problems())
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
