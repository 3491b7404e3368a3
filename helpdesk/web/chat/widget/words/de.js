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
 "you": "Sie",
 "says": "{name}:",
 "placeholder": "Schreiben Sie uns …",
 "input": "Ihre Nachricht",
 "send": "Senden",
 "attach": "Dateien hinzufügen",
 "choose": "Wählen Sie eine Antwort",
 "chosen": "Ausgewählt:",
 "source": "Aus unserer Hilfe:",
 "related": "Passt dazu",
 "more": "Mehr anzeigen",
 "less": "Weniger anzeigen",
 "table": "Tabelle",
 "code": "Textblock",
 "privacy": "So gehen wir mit Ihren Daten um",
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
 "lost": "Keine Verbindung. Ihre Nachrichten gehen nicht verloren, wir verbinden neu …",
 "unavailable": "Der Chat ist gerade nicht erreichbar.",
 "seeking": "Wir holen jemanden aus unserem Team …",
 "nobody": "Gerade ist niemand online",
 "next": "Sie sind als Nächstes dran",
 "place": "Sie sind an {position}. Stelle",
 "waitUnknown": "Wartezeit noch nicht absehbar",
 "waitUpTo": {
  "other": "bis zu {count} Minuten",
  "one": "bis zu {count} Minute"
 },
 "waitAbout": {
  "other": "etwa {count} Minuten",
  "one": "etwa {count} Minute"
 },
 "joined": "{name} ist jetzt für Sie da",
 "resolved": "Abgeschlossen. Schreiben Sie einfach, wenn Sie noch etwas brauchen.",
 "email": {
  "lead": "Gerade ist niemand aus unserem Team da. Mit Ihrer E-Mail-Adresse können wir Sie erreichen, auch wenn Sie diese Seite schließen.",
  "label": "E-Mail-Adresse",
  "example": "name@beispiel.de",
  "send": "Adresse senden",
  "wrong": "Bitte prüfen Sie die Adresse, zum Beispiel name@beispiel.de."
 },
 "suggestions": "Vielleicht hilft das schon",
 "found": {
  "other": "{count} passende Antworten, Pfeil nach oben führt hin",
  "one": "{count} passende Antwort, Pfeil nach oben führt hin"
 },
 "today": "Heute",
 "yesterday": "Gestern"
};
