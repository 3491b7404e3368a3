"""What is said while something is looked up, beside its own sentences. English here; `locale/` has the rest."""

from i18n import N_

ASK_PROOF = (
    N_("So that nobody else hears about it, please give me one more detail: {labels}."),
    N_("Before I say anything about it, I need one more detail: {labels}."),
)
ASK_ONE_PROOF = (
    N_("So that nobody else hears about it: {question}"),
    N_("Before I say anything about it: {question}"),
)
LOOK_RIGHT_AWAY = (N_("I can also look right away. {question}"),)
OR = (N_("{first} or {second}"),)
WRONG_FORM = (
    N_("I couldn't find that in your message: {label}. It looks like this: {example}."),
    N_("That doesn't seem to be it yet. I'm looking for: {label}, for example {example}."),
)
WRONG_VALUE = (N_("I couldn't find that in your message: {label}."),)
CORRECTED = (N_("Corrected: {label} {value}."),)
NO_MATCH = (
    N_("I found nothing under these details, or they don't belong together. Please check them; let's begin again."),
    N_("These details don't lead anywhere, or don't belong together. Shall we try once more?"),
)
BACK_TO = (N_("Back to “{title}”. Still missing: {labels}."),)
WHY_PROOF = (N_("With it I make sure that I tell only you. I use it for nothing else."),)
WHY_FIELD = (N_("With it I can find what you asked about. I use it for nothing else."),)
WITHOUT_VALUE = (
    N_("Without it I can't look it up myself, but someone from our team can help. Shall I pass you on?"),
    N_("That's all right. A person from our team finds it without that, too. Shall I bring someone in?"),
)
CANCELLED = (
    N_("All right, let's leave it. What else can I do for you?"),
    N_("Fine, we'll drop that. I'm here for anything else."),
)
LIMITED = (
    N_("That was tried too often without success, so I'd rather stop here. Someone from our team can look into it."),
)
UNREACHABLE = (N_("I can't get at that right now; the system behind it doesn't answer."),)
PERSON_CAN_LOOK = (N_("Someone from our team can look into it. Shall I pass you on?"),)
TELL_TITLE = (N_("Never mind"),)
