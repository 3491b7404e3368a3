/** What the widget says in its own name, in German (Sie and du) and English. Answers come from the server. */

/** @type {(language: string, address: string) => Words} */
export function speak(language, address) {
  return language === "de" ? german(address === "du") : english();
}

/** @param {boolean} du */
export function german(du) {
  const your = du ? "deine" : "Ihre";
  return {
    language: "de",
    other: { code: "en", short: "EN", label: "Switch to English" },
    title: "Hilfe",
    bot: "Digitaler Assistent",
    agentNote: "Mensch aus unserem Team",
    open: "Chat öffnen",
    close: "Chat schließen",
    unread: (/** @type {number} */ n) => (n === 1 ? "1 neue Nachricht" : `${n} neue Nachrichten`),
    newer: "Neue Nachrichten",
    messages: "Nachrichten",
    you: du ? "Du" : "Sie",
    says: (/** @type {string} */ name) => `${name}: `,
    placeholder: du ? "Schreib uns …" : "Schreiben Sie uns …",
    input: `${your[0].toUpperCase()}${your.slice(1)} Nachricht`,
    send: "Senden",
    choose: du ? "Wähle eine Antwort" : "Wählen Sie eine Antwort",
    chosen: "Ausgewählt: ",
    source: "Aus unserer Hilfe:",
    related: "Passt dazu",
    more: "Mehr anzeigen",
    less: "Weniger anzeigen",
    table: "Tabelle",
    code: "Textblock",
    person: "Mit einem Menschen sprechen",
    askPerson: "Ich möchte mit einem Menschen sprechen.",
    states: {
      waiting: "Wird gesendet",
      sent: "Wird gesendet",
      stored: "Gesendet",
      read: "Gelesen",
      failed: "Nicht gesendet",
      kept: "Wird nachgesendet",
    },
    retry: "Erneut versuchen",
    discard: "Verwerfen",
    reasons: {
      too_long: "Die Nachricht ist zu lang.",
      unknown_choice: "Diese Auswahl gilt nicht mehr.",
      other: "Das hat leider nicht geklappt.",
    },
    typing: (/** @type {string} */ name) => `${name} schreibt …`,
    left: (/** @type {number} */ n) => `Noch ${n} Zeichen`,
    over: (/** @type {number} */ n) => `${n} Zeichen zu viel`,
    connecting: "Verbindung wird aufgebaut …",
    lost: `Keine Verbindung. ${du ? "Deine" : "Ihre"} Nachrichten gehen nicht verloren, wir verbinden neu …`,
    unavailable: "Der Chat ist gerade nicht erreichbar.",
    queue: (/** @type {Queue|null} */ queue) => germanQueue(queue, du),
    joined: (/** @type {string} */ name) => `${name} ist jetzt für ${du ? "dich" : "Sie"} da`,
    resolved: `Abgeschlossen. ${du ? "Schreib einfach, wenn du" : "Schreiben Sie einfach, wenn Sie"} noch etwas ${du ? "brauchst" : "brauchen"}.`,
    email: {
      lead: du
        ? "Gerade ist niemand aus unserem Team da. Mit deiner E-Mail-Adresse können wir dich erreichen, auch wenn du diese Seite schließt."
        : "Gerade ist niemand aus unserem Team da. Mit Ihrer E-Mail-Adresse können wir Sie erreichen, auch wenn Sie diese Seite schließen.",
      label: "E-Mail-Adresse",
      example: "name@beispiel.de",
      send: "Adresse senden",
      wrong: du
        ? "Bitte prüf die Adresse, zum Beispiel name@beispiel.de."
        : "Bitte prüfen Sie die Adresse, zum Beispiel name@beispiel.de.",
    },
    today: "Heute",
    yesterday: "Gestern",
  };
}

/** @type {(queue: Queue|null, du: boolean) => string} */
function germanQueue(queue, du) {
  if (!queue) return "Wir holen jemanden aus unserem Team …";
  if (queue.agents_online === 0) return "Gerade ist niemand online";
  const place =
    queue.position <= 1
      ? du
        ? "Du bist als Nächstes dran"
        : "Sie sind als Nächstes dran"
      : `${du ? "Du bist" : "Sie sind"} an ${queue.position}. Stelle`;
  return `${place} · ${germanWait(queue.wait_minutes)}`;
}

/** @type {(wait: [number, number]|null) => string} */
function germanWait(wait) {
  if (!wait) return "Wartezeit noch nicht absehbar";
  const [least, most] = wait;
  if (most <= 1) return "etwa 1 Minute";
  if (least < 1) return `bis zu ${most} Minuten`;
  return least === most ? `etwa ${most} Minuten` : `etwa ${least}–${most} Minuten`;
}

/** @returns {Words} */
function english() {
  return {
    language: "en",
    other: { code: "de", short: "DE", label: "Auf Deutsch umschalten" },
    title: "Help",
    bot: "Digital assistant",
    agentNote: "A person from our team",
    open: "Open chat",
    close: "Close chat",
    unread: (n) => (n === 1 ? "1 new message" : `${n} new messages`),
    newer: "New messages",
    messages: "Messages",
    you: "You",
    says: (name) => `${name}: `,
    placeholder: "Write to us …",
    input: "Your message",
    send: "Send",
    choose: "Choose an answer",
    chosen: "Chosen: ",
    source: "From our help pages:",
    related: "See also",
    more: "Show more",
    less: "Show less",
    table: "Table",
    code: "Text block",
    person: "Talk to a person",
    askPerson: "I would like to talk to a person.",
    states: {
      waiting: "Sending",
      sent: "Sending",
      stored: "Sent",
      read: "Read",
      failed: "Not sent",
      kept: "Will be sent later",
    },
    retry: "Try again",
    discard: "Discard",
    reasons: {
      too_long: "The message is too long.",
      unknown_choice: "This choice is no longer open.",
      other: "Sorry, that did not work.",
    },
    typing: (name) => `${name} is typing …`,
    left: (n) => `${n} characters left`,
    over: (n) => (n === 1 ? "1 character too many" : `${n} characters too many`),
    connecting: "Connecting …",
    lost: "No connection. Your messages are safe, we are reconnecting …",
    unavailable: "Chat is not available at the moment.",
    queue: englishQueue,
    joined: (name) => `${name} is here for you now`,
    resolved: "Closed. Just write if you need anything else.",
    email: {
      lead: "Nobody from our team is here right now. With your e-mail address we can reach you even after you close this page.",
      label: "E-mail address",
      example: "name@example.com",
      send: "Send address",
      wrong: "Please check the address, for example name@example.com.",
    },
    today: "Today",
    yesterday: "Yesterday",
  };
}

/** @type {(queue: Queue|null) => string} */
function englishQueue(queue) {
  if (!queue) return "We are finding someone from our team …";
  if (queue.agents_online === 0) return "Nobody is online right now";
  const place = queue.position <= 1 ? "You are next" : `You are number ${queue.position} in the queue`;
  return `${place} · ${englishWait(queue.wait_minutes)}`;
}

/** @type {(wait: [number, number]|null) => string} */
function englishWait(wait) {
  if (!wait) return "we cannot say yet how long";
  const [least, most] = wait;
  if (most <= 1) return "about 1 minute";
  if (least < 1) return `up to ${most} minutes`;
  return least === most ? `about ${most} minutes` : `about ${least}–${most} minutes`;
}
