// Written by `make catalogs` from locale/.
export default {
 "language": "en",
 "locale": "en-GB",
 "title": "Help",
 "bot": "Digital assistant",
 "agentNote": "A person from our team",
 "chooseLanguage": "Language",
 "save": "Transcript",
 "open": "Open chat",
 "close": "Close chat",
 "unread": {
  "other": "{count} new messages",
  "one": "{count} new message"
 },
 "newer": "New messages",
 "messages": "Messages",
 "you": "You",
 "says": "{name}:",
 "placeholder": "Write to us …",
 "input": "Your message",
 "send": "Send",
 "attach": "Add files",
 "choose": "Choose an answer",
 "chosen": "Chosen:",
 "source": "From our help pages:",
 "related": "See also",
 "more": "Show more",
 "less": "Show less",
 "table": "Table",
 "code": "Text block",
 "privacy": "How we use your data",
 "person": "Talk to a person",
 "askPerson": "I would like to talk to a person.",
 "states": {
  "waiting": "Sending",
  "sent": "Sending",
  "stored": "Sent",
  "read": "Read",
  "failed": "Not sent",
  "kept": "Will be sent later"
 },
 "changes": {
  "edited": "edited",
  "taken_back": "This message was taken back."
 },
 "retry": "Try again",
 "discard": "Discard",
 "reasons": {
  "too_long": "The message is too long.",
  "unknown_choice": "This choice is no longer open.",
  "other": "Sorry, that did not work."
 },
 "typing": "{name} is typing …",
 "slow": "Your message is here. The answer takes a little longer just now …",
 "left": {
  "other": "{count} characters left",
  "one": "{count} character left"
 },
 "over": {
  "other": "{count} characters too many",
  "one": "{count} character too many"
 },
 "connecting": "Connecting …",
 "lost": "No connection. Your messages are safe, we are reconnecting …",
 "unavailable": "Chat is not available at the moment.",
 "seeking": "We are finding someone from our team …",
 "nobody": "Nobody is online right now",
 "next": "You are next",
 "place": "You are number {position} in the queue",
 "waitUnknown": "we cannot say yet how long",
 "waitUpTo": {
  "other": "up to {count} minutes",
  "one": "up to {count} minute"
 },
 "waitAbout": {
  "other": "about {count} minutes",
  "one": "about {count} minute"
 },
 "joined": "{name} is here for you now",
 "resolved": "Closed. Just write if you need anything else.",
 "email": {
  "lead": "Nobody from our team is here right now. With your e-mail address we can reach you even after you close this page.",
  "label": "E-mail address",
  "example": "name@example.com",
  "send": "Send address",
  "wrong": "Please check the address, for example name@example.com."
 },
 "suggestions": "This may already help",
 "found": {
  "other": "{count} answers may fit, arrow up takes you there",
  "one": "{count} answer may fit, arrow up takes you there"
 },
 "today": "Today",
 "yesterday": "Yesterday"
};
