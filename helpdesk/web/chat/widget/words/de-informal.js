// Written by `make catalogs` from locale/.
export default {
 "language": "de",
 "locale": "de",
 "title": "Hilfe",
 "bot": "Digitaler Assistent",
 "agentNote": "Mensch aus unserem Team",
 "chooseLanguage": "Sprache",
 "save": "Verlauf",
 "open": "Chat öffnen",
 "close": "Chat schließen",
 "unread": {
  "other": "{count} neue Nachrichten",
  "one": "{count} neue Nachricht"
 },
 "newer": "Neue Nachrichten",
 "messages": "Nachrichten",
 "you": "Du",
 "says": "{name}:",
 "placeholder": "Schreib uns …",
 "input": "Deine Nachricht",
 "send": "Senden",
 "attach": "Dateien hinzufügen",
 "choose": "Wähle eine Antwort",
 "chosen": "Ausgewählt:",
 "source": "Aus unserer Hilfe:",
 "related": "Passt dazu",
 "more": "Mehr anzeigen",
 "less": "Weniger anzeigen",
 "table": "Tabelle",
 "code": "Textblock",
 "privacy": "So gehen wir mit deinen Daten um",
 "person": "Mit einem Menschen sprechen",
 "askPerson": "Ich möchte mit einem Menschen sprechen.",
 "states": {
  "waiting": "Wird gesendet",
  "sent": "Wird gesendet",
  "stored": "Gesendet",
  "read": "Gelesen",
  "failed": "Nicht gesendet",
  "kept": "Wird nachgesendet"
 },
 "changes": {
  "edited": "bearbeitet",
  "taken_back": "Diese Nachricht wurde zurückgenommen."
 },
 "retry": "Erneut versuchen",
 "discard": "Verwerfen",
 "reasons": {
  "too_long": "Die Nachricht ist zu lang.",
  "unknown_choice": "Diese Auswahl gilt nicht mehr.",
  "other": "Das hat leider nicht geklappt."
 },
 "typing": "{name} schreibt …",
 "slow": "Die Nachricht ist angekommen, die Antwort dauert gerade etwas länger …",
 "left": {
  "other": "Noch {count} Zeichen"
 },
 "over": {
  "other": "{count} Zeichen zu viel"
 },
 "connecting": "Verbindung wird aufgebaut …",
 "lost": "Keine Verbindung. Deine Nachrichten gehen nicht verloren, wir verbinden neu …",
 "unavailable": "Der Chat ist gerade nicht erreichbar.",
 "seeking": "Wir holen jemanden aus unserem Team …",
 "nobody": "Gerade ist niemand online",
 "next": "Du bist als Nächstes dran",
 "place": "Du bist an {position}. Stelle",
 "waitUnknown": "Wartezeit noch nicht absehbar",
 "waitUpTo": {
  "other": "bis zu {count} Minuten",
  "one": "bis zu {count} Minute"
 },
 "waitAbout": {
  "other": "etwa {count} Minuten",
  "one": "etwa {count} Minute"
 },
 "joined": "{name} ist jetzt für dich da",
 "resolved": "Abgeschlossen. Schreib einfach, wenn du noch etwas brauchst.",
 "email": {
  "lead": "Gerade ist niemand aus unserem Team da. Mit deiner E-Mail-Adresse können wir dich erreichen, auch wenn du diese Seite schließt.",
  "label": "E-Mail-Adresse",
  "example": "name@beispiel.de",
  "send": "Adresse senden",
  "wrong": "Bitte prüf die Adresse, zum Beispiel name@beispiel.de."
 },
 "suggestions": "Vielleicht hilft das schon",
 "found": {
  "other": "{count} passende Antworten, Pfeil nach oben führt hin",
  "one": "{count} passende Antwort, Pfeil nach oben führt hin"
 },
 "today": "Heute",
 "yesterday": "Gestern"
};
