"""`format=flowed`: soft line breaks are taken out, hard ones stay. https://www.rfc-editor.org/rfc/rfc3676"""


def unflow(text: str, *, delete_space: bool) -> str:
    """The paragraphs of a flowed text; quoted lines keep one `>` for each level."""
    lines: list[str] = []
    flowing_at = -1  # the depth of the line above, if that goes on here
    for raw in text.split("\n"):
        depth, line = _unquote(raw.rstrip("\r"))
        is_soft = line.endswith(" ") and line != "-- "
        shown = line[:-1] if is_soft and delete_space else line
        if depth == flowing_at and line != "-- ":
            lines[-1] += shown
        else:
            lines.append(("> " * depth + shown) if depth else shown)
        flowing_at = depth if is_soft else -1
    return "\n".join(line if line == "-- " else line.rstrip() for line in lines)


def _unquote(line: str) -> tuple[int, str]:
    rest = line.lstrip(">")
    depth = len(line) - len(rest)
    return depth, rest[1:] if rest.startswith(" ") else rest
