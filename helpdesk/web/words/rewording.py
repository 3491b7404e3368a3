"""Words of the admin page of the language model."""

REWORDING: dict[str, tuple[str, str]] = {
    "nav_rewording": ("Umformulieren", "Rewording"),
    "rewording_title": ("Umformulieren", "Rewording"),
    "rewording_lead": (
        "Ein Sprachmodell Ihrer Wahl kann Antworten und Zusammenfassungen glatter formulieren. Was es schreibt, wird "
        "Satz für Satz mit unserem Text verglichen. Steht dort anderes, oder dauert es zu lange, gilt unser Text.",
        "A language model of your choice can make answers and summaries read more smoothly. What it writes is compared "
        "with our text sentence by sentence. If it says anything else, or takes too long, our text stands.",
    ),
    "rewording_off": (
        "Ausgeschaltet: Nichts verlässt das Haus, und alles funktioniert auch so.",
        "Switched off: nothing leaves the house, and everything works without it.",
    ),
    "rewording_on": (
        "Eingeschaltet: Texte gehen an {url}, Modell {model}.",
        "Switched on: texts go to {url}, {model}.",
    ),
    "rewording_leaves": ("Was das Haus verlässt", "What leaves the house"),
    "rewording_leaves_answers": (
        "Bei Antworten: die Frage der Kundin oder des Kunden und der Text des Artikels. Höchstens {seconds} Sekunden "
        "lang, dann bekommt die Kundin unseren Text.",
        "For answers: the customer's question and the article's text. For {seconds} seconds at most; then the customer "
        "gets our text.",
    ),
    "rewording_leaves_summaries": (
        "Bei Zusammenfassungen: die Zeilen unserer Zusammenfassung, nie das Gespräch. Im Hintergrund, niemand wartet "
        "darauf; unsere Fassung bleibt daneben stehen.",
        "For summaries: the lines of our summary, never the conversation. In the background, nobody waits for it; our "
        "version stays beside it.",
    ),
    "rewording_leaves_hidden": (
        "Im Haus bleiben: E-Mail-Adressen, Telefonnummern, Kontonummern, Karten- und Bestellnummern, Straßen, Links "
        "und Namen, die wir kennen oder die jemand als den eigenen nennt. An ihrer Stelle steht ⟦1⟧. Ein Name mitten "
        "im Satz kann unerkannt bleiben.",
        "These stay in the house: e-mail addresses, phone, account, card and order numbers, streets, links, and names "
        "that we know or that somebody gives as their own. ⟦1⟧ stands in their place. A name in mid-sentence can go "
        "unnoticed.",
    ),
    "rewording_leaves_yours": (
        "Schließen Sie mit dem Anbieter einen Vertrag zur Auftragsverarbeitung, oder nehmen Sie ein Modell im eigenen "
        "Netz.",
        "Make a data processing agreement with the provider, or use a model in your own network.",
    ),
    "rewording_point": (",", "."),
    "rewording_service": ("Das Sprachmodell", "The language model"),
    "rewording_fixed": (
        "Adresse, Modell und Schlüssel kommen aus den Einstellungen (STAFFEL_REWORDING_URL).",
        "Address, model and key come from the settings (STAFFEL_REWORDING_URL).",
    ),
    "rewording_url": ("Adresse", "Address"),
    "rewording_url_hint": (
        "OpenAI-kompatibel, bis /v1, etwa https://models.example.org/v1",
        "OpenAI-compatible, up to /v1, such as https://models.example.org/v1",
    ),
    "rewording_model": ("Modell", "Model"),
    "rewording_key": ("Schlüssel", "Key"),
    "rewording_key_hint": (
        "Wird verschlüsselt gespeichert und nie wieder angezeigt.",
        "Stored encrypted and never shown again.",
    ),
    "rewording_key_kept": (
        "Gespeichert. Leer lassen, um ihn zu behalten.",
        "Stored. Leave empty to keep it.",
    ),
    "rewording_own_network": (
        "Das Modell steht in meinem eigenen Netz",
        "The model is in my own network",
    ),
    "rewording_own_network_hint": (
        "Erlaubt private Adressen, auch ohne https.",
        "Allows private addresses, without https too.",
    ),
    "rewording_switches": ("Was es umformulieren darf", "What it may reword"),
    "rewording_answers": ("Antworten aus Artikeln", "Answers from articles"),
    "rewording_summaries": ("Zusammenfassungen für das Team", "Summaries for the team"),
    "rewording_save": ("Speichern", "Save"),
    "rewording_saved": ("Gespeichert.", "Saved."),
    "rewording_remove": ("Adresse und Schlüssel löschen", "Delete address and key"),
    "rewording_sure_on": (
        "Einschalten? Fragen Ihrer Kundschaft gehen dann an {url}.",
        "Switch on? Your customers' questions then go to {url}.",
    ),
    "rewording_sure_remove": ("Adresse und Schlüssel löschen?", "Delete address and key?"),
    "rewording_try": ("Ausprobieren", "Try it"),
    "rewording_try_lead": (
        "Geht auch ausgeschaltet: Nur dieser Text wird gesendet.",
        "Works while switched off, too: only this text is sent.",
    ),
    "rewording_try_question": ("Frage", "Question"),
    "rewording_try_question_sample": ("Kann ich das zurückschicken?", "Can I send this back?"),
    "rewording_try_text": ("Unser Text", "Our text"),
    "rewording_try_text_sample": (
        "Sie können Artikel innerhalb von 14 Tagen zurücksenden. Die Rücksendung kostet 4,90 €, ab 50 € Warenwert ist "
        "sie kostenlos. Unterwäsche nehmen wir nicht zurück.",
        "You can return articles within 14 days. The return costs €4.90 and is free for goods worth €50 or more. We do "
        "not take back underwear.",
    ),
    "rewording_try_do": ("Umformulieren lassen", "Have it reworded"),
    "rewording_trying": ("Wird gefragt …", "Asking …"),
    "rewording_result": ("Ergebnis", "Result"),
    "rewording_sent": ("Gesendet", "Sent"),
    "rewording_theirs": ("Zurück kam", "What came back"),
    "rewording_objections": ("Einwände", "Objections"),
    "rewording_took": ("nach {seconds} s", "after {seconds} s"),
    "rewording_ending_used": ("verwendet", "used"),
    "rewording_ending_refused": ("abgelehnt", "refused"),
    "rewording_ending_late": ("zu spät", "too late"),
    "rewording_ending_broken": ("keine Antwort", "no answer"),
    "rewording_counts": ("Die letzten Versuche", "The last attempts"),
    "rewording_counts_hint": (
        "Seit dem Start dieses Servers, höchstens 200. Texte werden dafür nicht aufbewahrt.",
        "Since this server started, 200 at most. No texts are kept for this.",
    ),
    "rewording_counts_none": ("Noch keiner.", "None yet."),
    "rewording_what": ("Was", "What"),
    "rewording_what_answer": ("Antworten", "Answers"),
    "rewording_what_summary": ("Zusammenfassungen", "Summaries"),
    "rewording_why": ("Warum nicht", "Why not"),
    "rewording_fault_empty": ("leer", "empty"),
    "rewording_fault_length": ("viel länger als unser Text", "much longer than our text"),
    "rewording_fault_signs": ("fremde oder unsichtbare Zeichen", "foreign or hidden signs"),
    "rewording_fault_markup": ("Formatierung, die nicht da war", "formatting that wasn't there"),
    "rewording_fault_language": ("andere Sprache", "another language"),
    "rewording_fault_address": ("Adresse oder Link, den es nicht gab", "an address or link that wasn't there"),
    "rewording_fault_number": ("andere Zahl", "another figure"),
    "rewording_fault_name": ("neuer Name", "a new name"),
    "rewording_fault_word": ("neues Wort", "a new word"),
    "rewording_fault_negation": ("Verneinung geändert", "a negation changed"),
    "rewording_fault_limit": ("Bedingung oder Grenze geändert", "a condition or limit changed"),
    "rewording_fault_person": ("wer etwas tut, geändert", "who does it changed"),
    "rewording_fault_tense": ("Zeit geändert", "tense changed"),
    "rewording_fault_role": ("wer wem, geändert", "who to whom changed"),
    "rewording_fault_claim": ("so steht es in keinem Satz", "no sentence says so"),
    "rewording_fault_missing": ("fehlt", "missing"),
    "error_address_form": (
        "Bitte eine Adresse wie https://models.example.org/v1 eingeben.",
        "Please enter an address like https://models.example.org/v1.",
    ),
    "error_address_secret": (
        "In der Adresse dürfen weder Name und Passwort noch ? oder # stehen. Der Schlüssel hat ein eigenes Feld.",
        "The address must hold no name, password, ? or #; the key has a field of its own.",
    ),
    "error_address_inside": (
        "Diese Adresse gehört zum Inneren der Maschine oder ihrer Cloud; dorthin wird nie etwas gesendet.",
        "This address belongs to the inside of the machine or its cloud; nothing is ever sent there.",
    ),
    "error_address_own_network": (
        "Diese Adresse liegt im eigenen Netz. Wenn das so gemeint ist, bitte das Häkchen dafür setzen.",
        "This address is in your own network. If that is meant, please tick the box for it.",
    ),
    "error_address_http": (
        "Außerhalb des eigenen Netzes muss die Adresse mit https:// beginnen.",
        "Outside your own network the address must begin with https://.",
    ),
    "error_address_unknown": (
        "Einen Rechner dieses Namens gibt es nicht. Bitte die Adresse prüfen.",
        "There is no machine of that name. Please check the address.",
    ),
    "error_key_elsewhere": (
        "Der gespeicherte Schlüssel gehört zur bisherigen Adresse. Bitte den Schlüssel für die neue eingeben.",
        "The stored key belongs to the former address. Please enter the key for the new one.",
    ),
    "error_model_missing": ("Bitte den Namen des Modells eingeben.", "Please enter the name of the model."),
    "error_no_model": (
        "Noch ist kein Sprachmodell eingetragen. Bitte erst speichern.",
        "No language model has been entered yet. Please save one first.",
    ),
}
