// Written by `make catalogs` from locale/.
export default {
 "locale": "de",
 "added": "Dateien zum Senden",
 "uploading": "Wird hochgeladen …",
 "ready": "Bereit zum Senden:",
 "remove": "Entfernen",
 "again": "Erneut versuchen",
 "failed": "Das hat leider nicht geklappt.",
 "lost": "Die Verbindung ist abgerissen. Die Datei ist noch hier.",
 "tooLarge": "Die Datei ist zu groß, höchstens 20 MB sind möglich.",
 "tooMany": "In eine Nachricht passen höchstens zehn Dateien.",
 "empty": "Die Datei ist leer.",
 "picture": "Bild",
 "file": "Datei",
 "open": "Bild öffnen",
 "close": "Schließen",
 "save": "Herunterladen",
 "gone": "Nicht mehr verfügbar"
};
