"""What Staffel itself says to customers, in English; the catalogs of `locale/` hold it in every other language."""

from enum import StrEnum

from i18n import N_


class Say(StrEnum):
    """Each thing Staffel itself says. The bot's own words are in domain.yml."""

    GREETING = N_(
        "Hello, I'm {bot}, a digital assistant – not a person. I answer common questions straight away. "
        "And if you would rather talk to a person, just say so."
    )
    PRIVACY = N_("How we use your data:")
    MAIL_AUTOMATIC = N_("This is an automatic first answer by {bot}, a digital assistant – not a person.")
    MAIL_READ_TOO = N_(
        "A person reads your mail, too. If it is answered, there is nothing left for you to do; otherwise you will "
        "have a person's answer {due} at the latest. To add something, simply reply to this mail."
    )
    MAIL_PASSED_ON = N_(
        "Thank you for your mail. I'm {bot}, a digital assistant – not a person – and have passed it on to our team. "
        "A person answers you {due} at the latest. To add something, simply reply to this mail."
    )
    MAIL_DUE = N_("A person answers your mail {due} at the latest. To add something, simply reply to this mail.")
    MAIL_ENCRYPTED = N_(
        "Your mail is encrypted, and I can't open it. It reaches us surely if you send it once more without encryption."
    )
    MAIL_UNREADABLE = N_(
        "I can't read the form your mail program has sent (winmail.dat). It reaches us surely if you send it once more "
        "as plain text."
    )
    MAIL_TOO_LARGE = N_(
        "Your mail was larger than 20 MB: its beginning has reached us, what was attached hasn't. Please send large "
        "files in several mails."
    )
    GREETING_BY_NAME = N_(
        "Hello {name}, I'm {bot}, a digital assistant – not a person. I answer common questions straight away. "
        "And if you would rather talk to a person, just say so."
    )
    UNAVAILABLE = N_(
        "I can't answer that right now – something is stuck on my side. Your message isn't lost: "
        "I'm passing it on to a person."
    )
    PASSING_ON = N_("This is how I'm passing it on: {request}")
    WHAT_ABOUT = N_("What is it about? I'll pass that on, too.")
    QUEUED = N_(
        "Our team now has your request with a summary; you are number {position} in the queue. "
        "Do keep writing: whoever takes over reads everything."
    )
    USUAL_WAIT = N_("Lately that took {wait}.")
    QUEUED_NOBODY = N_(
        "Nobody is on duty right now. Your request stays in the queue with a summary; you will have an "
        "answer here {due} at the latest."
    )
    QUEUED_CLOSED = N_(
        "Our team is off duty right now and back {opens}. Your request is ready for them with a "
        "summary; you will have an answer here {due} at the latest."
    )
    QUEUED_EMAIL = N_("If you like, leave an e-mail address where we can reach you.")
    QUEUED_MAIL = N_("If you won't be here then, leave an e-mail address: the answer goes there as well.")
    QUEUED_MAILED = N_("If you aren't here then, the answer goes to {email} as well.")
    SHORT_ANSWER = N_("Short answer")
    NO_NEED_TO_WAIT = N_("No need to wait here: the answer comes to this chat.")
    ADDED = N_("Thank you, I have added that to your request; whoever takes over reads it.")
    MEANWHILE = N_("While you wait, perhaps this helps already:")
    ADDED_TOO = N_("That is with your request now, too.")
    CHANGED = N_("Thank you, I have taken your change over into the request.")
    STILL_WAITING = N_("You're welcome. Your request keeps its place.")
    STILL_BOT = N_(
        "I'm {bot}, a digital assistant, not a person. I stay with you until somebody takes over; your request keeps "
        "its place."
    )
    SETTLED = N_("Understood. Shall I withdraw your request? Until then it keeps its place.")
    WITHDRAW = N_("Yes, withdraw it")
    MOVED_UP = N_("Thank you for telling us. I have marked your request as urgent.")
    STILL_HOLDS = N_("Thank you, I have read your change. My answer above still holds.")
    WITH_YOU = N_("{agent} has this conversation and reads what you write here.")
    UNSEEN = N_("{agent} hasn't opened your last message yet. It has arrived and stays marked as unread.")
    SEEN = N_("{agent} has read your last message; the answer is taking a little longer.")
    WELCOME = N_("You're welcome. Just write if there is anything else.")
    QUEUE_MOVED = N_("You are now number {position} in the queue.")
    CORRECT = N_("Correct something")
    HOW_TO_SAY = N_("Gladly. How should I pass it on? Write it in your own words, best in one sentence.")
    CORRECTED = N_("Thank you. This is how I'm passing it on: {request}")
    CALL = N_("Have somebody call me")
    ASK_PHONE = N_("Gladly. Which number can we reach you at? Please include the area code.")
    BAD_PHONE = N_("This doesn't look like a complete phone number. This is what one looks like: +44 20 7946 0958")
    ASK_WINDOW = N_("Thank you. When would suit you best?")
    NO_WINDOW = N_("Thank you, {phone} is noted. We'll call as soon as somebody is in, {due} at the latest.")
    CALL_PROMISED = N_("Agreed: we'll call you {window} at {phone}. No need to wait here.")
    MAIL = N_("Leave an e-mail address")
    ASK_EMAIL = N_("Gladly. Which address can we reach you at?")
    BAD_EMAIL = N_("This doesn't look like an e-mail address. This is what one looks like: name@example.org")
    NO_LONGER_WAITING = N_(
        "It's too late for that here: your request isn't waiting any more. Just write what you need."
    )
    PROMISE_MISSED = N_(
        "We promised you an answer by now and haven't managed it. We're sorry. The new time is {again} at the latest."
    )
    CALL_MISSED = N_(
        "We promised to call you by now and haven't managed it. We're sorry. The new time is {again} at the latest."
    )
    TAKES_LONGER = N_(
        "It is taking longer than it should, and we're sorry. You will have an answer here {again} at the latest."
    )
    AT_THE_FRONT = N_("Your request is now right at the front.")
    EXPIRED = N_(
        "Your request has waited too long, and we're sorry. If it is still open, write here: {bot} answers "
        "at once and brings in a person again if you like."
    )
    OFFER_PERSON = N_("Shall somebody from our team look at this?")
    HANDING_OVER = N_("I'm passing you on to someone from our team.")
    HANDING_OVER_CALMLY = N_(
        "This is one for a person from our team. I'm passing it on so that you needn't repeat anything."
    )
    LIMIT = N_(
        "I want to help, and you may well be annoyed. Let's please keep it friendly, then we'll find a solution."
    )
    CARE = N_(
        "That sounds very hard, and you don't have to go through it alone. Please talk to someone now: a crisis "
        "line near you is listed at findahelpline.com; in Germany TelefonSeelsorge is free at any hour, "
        "0800 111 0 111. In immediate danger, call 112."
    )
    SAFETY = N_(
        "I'm sorry to hear that. If anybody is hurt or still in danger, please call 112 first; where there is smoke, "
        "fire or gas, leave the room. Please don't go on using the product. I can't give medical help."
    )
    CONDOLENCE = N_("I'm very sorry for your loss.")
    RETURNED_DONE = N_(
        "{agent} has noted: {done}\n\nFrom here {bot}, the digital assistant, answers again. You can "
        "ask for a person at any time."
    )
    TO_TEAM = N_("{agent} is passing you on to the {team} team; no need to repeat anything.")
    AGENT_SILENT = N_(
        "{agent} is held up. So that you don't wait any longer, I'm asking a colleague; no need to repeat anything."
    )
    ACCEPTED = N_("{agent} is here for you now and knows the conversation so far.")
    ACCEPTED_BY_NAME = N_("Hello {name}. {agent} is here for you now and knows the conversation so far.")
    RELEASED = N_("{agent} had to pass the conversation on; no need to repeat anything.")
    TRANSFERRED = N_("{agent} has passed you on: {colleague} is here for you now and can read the conversation so far.")
    RETURNED = N_("From here {bot}, the digital assistant, answers again. You can ask for a person at any time.")
    CANCELLED = N_("All right, let's carry on here. How can I help you?")
    REOPENED = N_("{agent} has opened the conversation again and is here for you.")
    RESOLVED = N_("This conversation is closed. If there is anything else, just write again.")
    CLOSED_UNANSWERED = N_(
        "{agent} has closed your request without an answer here. If it is still open, just write again."
    )
    BLOCKED = N_("Messages that you send here are no longer answered.")
    EMAIL_KEPT = N_("Thank you, we can reach you at {email}. Your request stays in the queue.")
    EMAIL_MAILED = N_("Thank you. If you aren't here when the answer comes, it goes to {email} as well.")
    EMAIL_NOTED = N_("Thank you, we can reach you at {email}.")
    MAIL_SUBJECT = N_("An answer to your question")
    MAIL_SUBJECT_SEVERAL = N_("Answers to your question")
    MAIL_HELLO = N_("Hello,")
    MAIL_HELLO_NAME = N_("Hello {name},")
    MAIL_ANSWER = N_("there is an answer for you in our chat:")
    MAIL_ANSWERS = N_("there are answers for you in our chat:")
    MAIL_FILE = N_("*with a file, to be found in the conversation*")
    MAIL_OPEN = N_("Open the conversation")
    MAIL_REPLY = N_("You can also simply reply to this e-mail.")
    MAIL_BEFORE = N_("Before that:")
    MAIL_YOU = N_("You")
    MAIL_LINK_UNTIL = N_("The link is for you alone and works until {day}.")
    MAIL_WHY = N_("You left this address in our chat. We write to it when an answer there hasn't been seen.")
    MAIL_STOP = N_("No more e-mails")
    BACK_TO_BOT = N_("Carry on without a person")
    PERSON = N_("Talk to a person")
    CANT_SEE = N_(
        "Thank you, it has arrived. I can't read pictures and files myself, but a person here can. "
        "Tell me in words what it is about, or ask somebody to join."
    )
    CANT_HEAR = N_(
        "Thank you, the recording has arrived. I can't listen to it, but a person here can. "
        "Write what it is about, or ask somebody to join."
    )
    NOTED = N_("Thank you, it has arrived. What can I do for you?")
    LATE = N_("Your message has only just reached us, sorry about that. A person will look at it.")
    WHICH_LANGUAGE = N_("Welche Sprache? / Which language?")
    LANGUAGE_CHOSEN = N_("All right, in English from now on.")
    FORGET_SURE = N_(
        "I will then erase everything we have stored about you from this conversation, on connected "
        "channels too. This can't be undone. Really erase it?"
    )
    FORGET_YES = N_("Yes, erase everything")
    FORGET_NO = N_("No, keep it")
    FORGOTTEN = N_("Done: in a few minutes everything will be erased here. If you write again, we start afresh.")
    NOT_FORGOTTEN = N_("All right, everything stays as it is.")
    CONNECT = N_(
        "This is how to go on another way; whoever helps you then sees both together. "
        "Each link works once and for one hour:\n\n{ways}"
    )
    CONNECT_NOTHING = N_("There is no other way here at the moment. Just keep writing here.")
    CONNECTED = N_("Connected. Whoever helps you now knows the other conversation too.")
    LINK_EXPIRED = N_(
        "This link no longer works. Get a new one in the other conversation; you can ask here all the same."
    )
    TRANSCRIPT_TITLE = N_("Your conversation with us")
    TRANSCRIPT_FILE = N_("conversation")
    TRANSCRIPT_YOU = N_("You")
    TRANSCRIPT_LINK = N_("Here you can download this conversation; the link works for 24 hours: {link}")
    TRANSCRIPT_MAIL = N_("Send it by e-mail")
    TRANSCRIPT_BY_MAIL = N_("I can send you this conversation by e-mail.")
    TRANSCRIPT_NOWHERE = N_(
        "I can't make a copy of this conversation here, sorry. Everything stays readable in this chat."
    )
    TRANSCRIPT_ASK_EMAIL = N_("Gladly. Which address shall I send this conversation to? I only use it for that.")
    TRANSCRIPT_SENT = N_("The conversation is on its way to {email}.")
    TRANSCRIPT_LATER = N_(
        "I have sent a copy only lately and can't send another one yet. The link above, or the word “transcript”, "
        "lets you download it at any time."
    )
    NOTICE_ABOVE = N_("This may have to do with what I told you above.")
    HOW_WAS_IT = N_("Were we able to help?")
    WAS_GOOD = N_("Yes")
    WAS_BAD = N_("Not really")
    THANKS_GOOD = N_("We're glad. Thank you!")
    THANKS_BAD = N_("Thank you for being frank. Do write what is missing, and somebody will look at it.")
    FOLLOW_UP = N_("We wanted to ask you once more: has your matter been settled?")
    FOLLOW_UP_AGENT = N_("{agent} would like to know: has your matter been settled?")
    FOLLOW_UP_ARTICLE = N_("You asked us lately: {question}. Has it been settled?")
    FOLLOW_UP_BY_MAIL = N_("A short yes or no is enough.")
    FOLLOW_UP_ONCE = N_("If you don't answer, we won't ask again.")
    FOLLOW_UP_YES = N_("Yes, it's settled")
    FOLLOW_UP_NO = N_("No, I still need help")
    FOLLOW_UP_NEVER = N_("Don't ask me again")
    FOLLOW_UP_THANKS = N_("We're glad. If anything comes up, just write here.")
    FOLLOW_UP_STOPPED = N_("Understood, we won't ask you again. You can write to us at any time.")
    PROMISED = N_("{agent} has promised you: “{promise}”, {when} at the latest.")
    PROMISE_WITHDRAWN = N_("This promise no longer stands: “{promise}”. We are sorry about that.")
    PROMISE_LATE = N_(
        "You were promised “{promise}”, {when} at the latest. That time has passed without an answer, "
        "and we're sorry. The team has been reminded."
    )
