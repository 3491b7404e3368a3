"""Accordions of web pages: which element opens which panel, by ARIA, by Bootstrap's attributes, by telling classes."""

import re

from bs4 import Tag

_QUESTION_CLASS = re.compile(
    r"(?:faq|accordion|akkordeon|toggle|collaps\w*|expand\w*)[\w-]*(?:question|frage|title|titel|head\w*|trigger|button|label)"
    r"|(?:^|[\s_-])(?:question|frage)(?:$|[\s_-])|(?:^|\s)expand-control(?:$|\s)",
    re.IGNORECASE,
)
_ANSWER_CLASS = re.compile(
    r"(?:faq|accordion|akkordeon|toggle|collaps\w*|expand\w*)[\w-]*(?:answer|antwort|content|inhalt|panel|body|text)"
    r"|(?:^|[\s_-])(?:answer|antwort)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Of what was a link within the file.
LINK_CLASS = "inner-link"
_TARGETS = ("aria-controls", "data-target", "data-bs-target")
_MAX_QUESTION_LENGTH = 300
_MAX_STEPS_UP = 3


class Accordions:
    """The triggers and panels of a page, found once."""

    def __init__(self, root: Tag) -> None:
        self._panels: dict[int, Tag] = {}
        self._panel_ids: set[int] = set()
        self._holders: set[int] = set()
        by_id = {str(element.get("id")): element for element in root.find_all(id=True)}
        for trigger in root.find_all(_may_open):
            panel = self._named_panel(trigger, by_id) or _panel_beside(trigger)
            if panel is not None and id(panel) not in self._panel_ids and _is_question(trigger, panel):
                self._add(trigger, panel, root)

    def panel_of(self, element: Tag) -> Tag | None:
        """What an element opens."""
        return self._panels.get(id(element))

    def is_panel(self, element: Tag) -> bool:
        """Whether an element is opened by another, and so is read there."""
        return id(element) in self._panel_ids

    def holds_trigger(self, element: Tag) -> bool:
        """Whether something inside opens a panel."""
        return id(element) in self._holders

    def _named_panel(self, trigger: Tag, by_id: dict[str, Tag]) -> Tag | None:
        for name in _TARGETS:
            target = str(trigger.get(name) or "").split(" ")[0].lstrip("#")
            if target in by_id:
                return by_id[target]
        href = str(trigger.get("href") or "")
        toggles = trigger.get("data-toggle") or trigger.get("data-bs-toggle")
        return by_id.get(href[1:]) if toggles == "collapse" and href.startswith("#") else None

    def _add(self, trigger: Tag, panel: Tag, root: Tag) -> None:
        outer = _whole_heading(trigger, panel)
        self._panels[id(outer)] = panel
        self._panel_ids.add(id(panel))
        for parent in outer.parents:
            self._holders.add(id(parent))
            if parent is root:
                break


def classes_of(element: Tag) -> str:
    """The classes of an element as they are written."""
    found = element.get("class")
    return " ".join(found) if isinstance(found, list) else str(found or "")


def links_in(element: Tag) -> list[Tag]:
    """The links below an element, those that lead nowhere else included."""
    return [*element.find_all("a"), *element.find_all(class_=LINK_CLASS)]


def _may_open(element: Tag) -> bool:
    if any(element.has_attr(name) for name in (*_TARGETS, "data-toggle", "data-bs-toggle", "aria-expanded")):
        return True
    classes = classes_of(element)
    return bool(classes) and bool(_QUESTION_CLASS.search(classes)) and not _ANSWER_CLASS.search(classes)


def _panel_beside(trigger: Tag) -> Tag | None:
    """The element behind the trigger, or behind what holds nothing but the trigger, if it looks like an answer."""
    element: Tag | None = trigger
    for _ in range(_MAX_STEPS_UP):
        if element is None:
            return None
        behind = element.find_next_sibling()
        if isinstance(behind, Tag):
            opens = trigger.has_attr("aria-expanded") or bool(_QUESTION_CLASS.search(classes_of(trigger)))
            looks = (
                _ANSWER_CLASS.search(classes_of(behind)) or behind.get("role") == "region" or behind.has_attr("hidden")
            )
            return behind if opens and (looks or behind.name in {"div", "p", "section"}) else None
        parent = element.parent
        element = parent if parent is not None and parent.get_text(strip=True) == trigger.get_text(strip=True) else None
    return None


def _is_question(trigger: Tag, panel: Tag) -> bool:
    """Whether a trigger has words of its own, and its panel is no menu of links around it."""
    text = trigger.get_text(" ", strip=True)
    told = panel.get_text(" ", strip=True)
    links = sum(len(link.get_text(strip=True)) for link in links_in(panel))
    inside = any(parent is panel for parent in trigger.parents)
    return (
        2 < len(text) <= _MAX_QUESTION_LENGTH and bool(told) and not inside and (links < 0.8 * len(told) or "?" in text)
    )


def _whole_heading(trigger: Tag, panel: Tag) -> Tag:
    """The outermost element that says nothing but what the trigger says, and doesn't hold the panel."""
    outer, text = trigger, trigger.get_text(strip=True)
    while (parent := outer.parent) is not None and parent.get_text(strip=True) == text and parent is not panel.parent:
        outer = parent
    return outer
