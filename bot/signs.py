"""What a message without a word means: faces, thumbs, "???", "…". Pure, no Rasa.

The classifier knows words; of an emoji alone its embedding says anything. What a sign means depends on what came
before: after an answer a thumb is about the answer.
"""

import re

_ANGRY_OR_SAD = frozenset("😠😡🤬👿😤😢😭😞😔😟🙁☹😣😖😫😩😥😰😓😒🙄😑💔🤯😾😿💢🖕")
_DOWN = frozenset("👎")
_GLAD = frozenset("👍👌🙏❤🧡💛💚💙💜🖤🤍💕😊🙂😀😃😄😁😆😍🥰😘🥳👏🎉✨😉🤗💪✅🤝😇🌟⭐💯🫶☺")
_WAVING = frozenset("👋")
_PUZZLED = frozenset("🤔😕🤷❓❔⁉🧐🤨?؟")
_SMILEYS = (
    (re.compile(r">?[:;=]['’]?[-^o]?[(\[{/|]|D:|:['’]\("), "😞"),
    (re.compile(r"[:;=8xX][-^o]?[)\]D*]|<3|\^\^"), "🙂"),
)
_WITHOUT_MEANING = re.compile("[\u200d\ufe0e\ufe0f\u2640\u2642\U0001f3fb-\U0001f3ff]")


def intent_of_signs(text: str, *, has_answered: bool) -> str | None:
    """The intent of a message that has no letter and no digit; None for any other.

    `has_answered`: the bot has given an answer before.
    """
    signs = _WITHOUT_MEANING.sub("", text)
    for smiley, face in _SMILEYS:
        signs = smiley.sub(face, signs)
    if not signs.strip() or any(sign.isalnum() for sign in signs):
        return None
    seen = frozenset(signs)
    if seen & _ANGRY_OR_SAD:
        return "complaint"
    if seen & _DOWN:
        return "feedback_not_helpful"
    if seen & _PUZZLED:
        return "feedback_not_helpful" if has_answered else "help"
    if seen & _GLAD:
        return "feedback_helpful" if has_answered else "thanks"
    return "greeting" if seen & _WAVING else "help"
