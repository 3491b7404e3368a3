"""What Staffel itself says, in English."""

from helpdesk.texts.names import Say

ENGLISH: dict[Say, str] = {
    Say.GREETING: "Hello, I'm {bot}, a digital assistant – not a person. I answer common questions straight away. "
    "And if you would rather talk to a person, just say so.",
    Say.UNAVAILABLE: "I can't answer that right now – something is stuck on my side. Your message isn't lost: "
    "I'm passing it on to a person.",
    Say.PASSING_ON: "This is how I'm passing it on: {request}",
    Say.QUEUED: "Our team now has your request with a summary; you are number {position} in the queue. "
    "Do keep writing: whoever takes over reads everything.",
    Say.USUAL_WAIT: "Lately that took {wait}.",
    Say.QUEUED_NOBODY: "Nobody is on duty right now. Your request stays in the queue with a summary; you will have an "
    "answer here {due} at the latest.",
    Say.QUEUED_CLOSED: "Our team is off duty right now and back {opens}. Your request is ready for them with a "
    "summary; you will have an answer here {due} at the latest.",
    Say.QUEUED_EMAIL: "If you like, leave an e-mail address where we can reach you.",
    Say.NO_NEED_TO_WAIT: "No need to wait here: the answer comes to this chat.",
    Say.QUEUE_MOVED: "You are now number {position} in the queue.",
    Say.CORRECT: "Correct something",
    Say.HOW_TO_SAY: "Gladly. How should I pass it on? Write it in your own words, best in one sentence.",
    Say.CORRECTED: "Thank you. This is how I'm passing it on: {request}",
    Say.CALL: "Have somebody call me",
    Say.ASK_PHONE: "Gladly. Which number can we reach you at? Please include the area code.",
    Say.BAD_PHONE: "This doesn't look like a complete phone number. This is what one looks like: +44 20 7946 0958",
    Say.ASK_WINDOW: "Thank you. When would suit you best?",
    Say.NO_WINDOW: "Thank you, {phone} is noted. We'll call as soon as somebody is in, {due} at the latest.",
    Say.CALL_PROMISED: "Agreed: we'll call you {window} at {phone}. No need to wait here.",
    Say.MAIL: "Leave an e-mail address",
    Say.ASK_EMAIL: "Gladly. Which address can we reach you at?",
    Say.BAD_EMAIL: "This doesn't look like an e-mail address. This is what one looks like: name@example.org",
    Say.NO_LONGER_WAITING: "It's too late for that here: your request isn't waiting any more. Just write what you "
    "need.",
    Say.PROMISE_MISSED: "We promised you an answer and haven't managed it yet. We're sorry. "
    "Your request is now right at the front; the new time is {again} at the latest.",
    Say.EXPIRED: "Your request has waited too long, and we're sorry. If it is still open, write here: {bot} answers "
    "at once and brings in a person again if you like.",
    Say.OFFER_PERSON: "Shall somebody from our team look at this?",
    Say.HANDING_OVER: "I'm passing you on to someone from our team.",
    Say.HANDING_OVER_CALMLY: "This is one for a person from our team. I'm passing it on so that you needn't repeat "
    "anything.",
    Say.LIMIT: "I want to help, and you may well be annoyed. Let's please keep it friendly, then we'll find a "
    "solution.",
    Say.CARE: "That sounds very hard, and you don't have to go through it alone. Please talk to someone now: a crisis "
    "line near you is listed at findahelpline.com; in Germany TelefonSeelsorge is free at any hour, 0800 111 0 111. "
    "In immediate danger, call 112.",
    Say.RETURNED_DONE: "{agent} has noted: {done}\n\nFrom here {bot}, the digital assistant, answers again. You can "
    "ask for a person at any time.",
    Say.TO_TEAM: "{agent} is passing you on to the {team} team. You are at the front there; no need to repeat "
    "anything.",
    Say.AGENT_SILENT: "{agent} is held up. So that you don't wait any longer, somebody else takes over; you are at the "
    "front and needn't repeat anything.",
    Say.ACCEPTED: "{agent} is here for you now and knows the conversation so far.",
    Say.RELEASED: "{agent} had to pass the conversation on. You are back at the front; no need to repeat anything.",
    Say.TRANSFERRED: "{agent} takes over from here and knows the conversation so far.",
    Say.RETURNED: "From here {bot}, the digital assistant, answers again. You can ask for a person at any time.",
    Say.CANCELLED: "All right, let's carry on here. How can I help you?",
    Say.RESOLVED: "This conversation is closed. If there is anything else, just write again.",
    Say.EMAIL_KEPT: "Thank you, we can reach you at {email}. Your request stays in the queue.",
    Say.BACK_TO_BOT: "Carry on without a person",
    Say.PERSON: "Talk to a person",
    Say.CANT_SEE: "Thank you, it has arrived. I can't read pictures and files myself, but a person here can. "
    "Tell me in words what it is about, or ask somebody to join.",
    Say.CANT_HEAR: "Thank you, the recording has arrived. I can't listen to it, but a person here can. "
    "Write what it is about, or ask somebody to join.",
    Say.NOTED: "Thank you, that is noted; whoever takes over will see it. What can I do for you?",
    Say.LATE: "Your message has only just reached us, sorry about that. A person will look at it.",
    Say.WHICH_LANGUAGE: "Welche Sprache? / Which language?",
    Say.LANGUAGE_CHOSEN: "All right, in English from now on.",
    Say.FORGET_SURE: "I will then erase everything we have stored about you from this conversation, on connected "
    "channels too. This can't be undone. Really erase it?",
    Say.FORGET_YES: "Yes, erase everything",
    Say.FORGET_NO: "No, keep it",
    Say.FORGOTTEN: "Done: in a few minutes everything will be erased here. If you write again, we start afresh.",
    Say.NOT_FORGOTTEN: "All right, everything stays as it is.",
    Say.CONNECT: "This is how to go on another way; whoever helps you then sees both together. "
    "Each link works once and for one hour:\n\n{ways}",
    Say.CONNECT_NOTHING: "There is no other way here at the moment. Just keep writing here.",
    Say.CONNECTED: "Connected. Whoever helps you now knows the other conversation too.",
    Say.LINK_EXPIRED: "This link no longer works. Get a new one in the other conversation; "
    "you can ask here all the same.",
    Say.HOW_WAS_IT: "Were we able to help?",
    Say.WAS_GOOD: "Yes",
    Say.WAS_BAD: "Not really",
    Say.THANKS_GOOD: "We're glad. Thank you!",
    Say.THANKS_BAD: "Thank you for being frank. Do write what is missing, and somebody will look at it.",
    Say.PROMISED: "{agent} has promised you: “{promise}”, {when} at the latest.",
    Say.PROMISE_WITHDRAWN: "This promise no longer stands: “{promise}”. We are sorry about that.",
    Say.PROMISE_LATE: "You were promised “{promise}”, {when} at the latest. That time has passed without an answer, "
    "and we're sorry. The team has been reminded.",
}
