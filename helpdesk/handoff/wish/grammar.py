"""How wishes for a person are put, and what only looks like one: patterns over the classes of `words`.

A clause is written as its words, each followed by a space: "ich WANT mit ART PERSON SPEAK ". In the patterns "
""<n>" stands
for up to n words that are neither a bot nor another wanting.
"""

import re


def _p(*patterns: str) -> re.Pattern[str]:
    joined = "|".join(pattern.replace("> ", ">") for pattern in patterns)
    return re.compile(r"(?:(?<=\s)|^)(?:" + re.sub(r"<(\d)>", r"(?:(?!BOT |WANT )\\S+ ){0,\1}?", joined) + ")")


_FILLERS = r"PLEASE |AGAIN |ART |REAL |one of |of |other |anderen |anderem |same |selben |gleichen |zuständigen "
_FILL = rf"(?:{_FILLERS})*"
_TEAM = (
    r"(?:member of (?:ART )*(?:team|staff)|team|staff|technik|buchhaltung|billing|accounts|sales|geschäftsführung|"
    r"geschäftsleitung|leitung|management|verkauf|\S*abteilung|beschwerdestelle|complaints|zentrale|billing "
    r"department|customer (?:DEPT|care|service|services))"
)
_STAFF = rf"{_FILL}(?:PERSON(?: being)?|DEPT(?! ART| my| for| für)|{_TEAM}) "
_BODY = (
    rf"{_FILL}(?:PERSON|REAL (?:leute|people|frau|mann)|(?:ART |one of )(?:of )?(?:ART )*(?:leute|people)|"
    r"ART (?:von|of) (?:euch|ihnen|you)) "
)
_SOMEONE = rf"{_FILL}SOMEONE (?:REAL |else |anderem |anderen |anderes )?"
_WHO = rf"(?:{_STAFF}|{_BODY}|{_SOMEONE})"
_WITH = r"(?:mit|mit'n|mi'm|with|w|to|zu|zum|an|von) "
_SPEAK = r"(?:SPEAK|PHONE|TALKING) "
_I = r"(?:ich|i|wir|we|man|me|mi) "
_CAN = (
    r"(?:kann|könnte|könnten|können|kannst|könnt|könntest|kannste|könn|"
    r"würdest|can|could|may|might|darf|dürfte|soll|sollte|should|would|chan|koa|let) "
)
_LEAD = (
    rf"(?:{_FILLERS}|WANT |ich |i |to |for |get |hier |mit |with |zum |zu |zur |lieber |just |ok |so |next |nächster |"
    r"customer (?:DEPT |care |service )?)*"
)
_TAIL = (
    r"(?:PLEASE |AGAIN |being |her |hier |here |ran |dran |on the line |am telefon |haben |have |hätte |available |"
    r"only |vom team |from your team |aus ihrem team |gewünscht |requested |wanted |needed )*$"
)
_CARE = (
    r"(?:look|take|help|helps|handle|read|check|answer|sort|deal|write|message|reply|continue|step|review|"
    r"GIVE in touch|contact|decide|entscheiden|übernehmen|übernimmt|draufschauen|draufschaun|klären|klärt|"
    r"anschauen|anschaun|helfen|hilft|weiterhelfen|"
    r"weiterhilft|lesen|ansehen|antworten|kümmern|kümmert|melden|meldet|bearbeiten|schauen|prüfen|schreiben|SPEAK) "
)
_TO_TALK_TO = r"(?:SPEAK|PHONE|TALKING|available|verfügbar|frei|erreichbar|who can|der mir|die mir|auskennt|kennt) "
_BY_PHONE = r"(?:(?:am|per|übers|über das|by|over the|on the) (?:telefon|phone)|telefonisch) "
_OTHERS = (
    r"(?:\S*fahrer|\S*bote|\S*boten|\S*techniker|\S*monteur\S*|spediteur|spedition|courier|couriers|driver|"
    r"drivers|carrier|"
    r"technician|engineer|postman|installer|fitter) "
)

NO_BOT = _p(
    r"(?:NOT|no|skip|schluss|genug|enough|stop|off|weg) (?:with |mit |of |from |von |mehr |more |the |this |ART "
    r"|dem |PLEASE |"
    r"diesem |automatischen |auf |lust )*BOT ",
    r"NOT WANT <4>(?:to |with |mit |von )<2>BOT ",
    r"(?:NOT|refuse|weigere|won't|done|through) <4>(?:to |with |mit |auf )<2>BOT ",
    r"NOT <3>lust <2>(?:auf |mit )<2>BOT ",
    r"(?:NOT|stop|no|genug|schluss) <3>(?:automat\S*|automatic|automated|canned|standard\S*) (?:antwort\S*|repl\S*|"
    r"answers?|responses?|text\S*|messages) (?:mehr )?",
    r"(?:NOT|stop|no|genug) <3>(?:standardtext\S*|textbaustein\S*|standardantwort\S*) (?:mehr )?",
    r"(?:out of|off) (?:this |the )BOT ",
    r"NOT GIVE <3>BOT ",
    r"NOT BOT ",
    r"WITHOUT BOT ",
    r"mit (?:ART )*BOT SPEAK (?:ich|i) NOT ",
    r"lehne .*mit (?:ART )*BOT ",
)
CALLBACK = _p(
    r"(?:WANT|um|need|request|arrange|vereinbar\S*|appreciate|like|gern|bitte) "
    r"(?:PLEASE |ART |to |have |haben |get |um |like |appreciate |a )*(?:CALLBACK|anruf|call back) ",
    rf"^{_LEAD}(?:CALLBACK|anruf) (?:PLEASE |unter |to |on |vereinbaren |am |um |heute |morgen )",
    rf"^{_LEAD}CALLBACK $",
    r"(?:rufen|ruft|ruf|rufe|rüeft) (?:PLEASE |sie |ihr |du )*(?:mich|mi|uns) <6>(?:ART|zurück|zruck|retour) "
    r"(?:PLEASE )*(?=$|unter |ok |bevor |wenn )",
    r"(?:kann|könnte|können|könnten|könnt|kannst|soll|bitte|PLEASE|würden|würde|WANT) <3>(?:mich|mi|uns) <5>"
    r"(?:anrufen|zurückrufen|zruckrufen|anklingeln|antelefonieren|kontaktieren) ",
    r"(?:mich|mi) (?:soll|kann|PLEASE) <3>(?:anrufen|zurückrufen) ",
    rf"(?:^{_LEAD}|PLEASE |you |u |can |could |to |{_WHO}<3>|and |then |just )(?:call|phone|ring) (?:me|us) "
    r"(?=$|PLEASE |back |on |at |about |when |tomorrow |today |this |in |instead |ok )",
    r"(?:give|gib) (?:me|us|mir) (?:ART )*(?:ring|bell|call|buzz|anruf) ",
    rf"(?:have|let|ask|lassen sie|lass) {_WHO}<3>(?:call|contact|ring|phone|write|message|email|reach) ",
    rf"contacted by {_WHO}",
    rf"{_WHO}<3>contact (?:me|us) ",
    r"(?:meld\S*) (?:sie )?(?:sich|euch|dich) <3>(?:telefonisch|bei mir|bei uns) ",
    rf"{_STAFF}<3>(?:bei mir|bei uns) <2>(?:melden|meldet) ",
    rf"(?:{_CAN}|WANT |lieber |prefer |rather )(?:{_I})?<4>(?:mit |with )(?:ihnen |euch |you |dir ){_FILL}PHONE ",
    r"(?:WANT |lieber |rather |prefer )(?:PLEASE |to |lieber |rather |nur |direkt )*(?:PHONE|phone you|call you) ",
    rf"(?:WANT|wir|we|do this|discuss|{_CAN.strip()}) <4>{_BY_PHONE}(?:klären |besprechen |SPEAK |machen |sort |with )",
    r"WANT (?:PLEASE |to |like |love |gern )*(?:be called|(?:GIVE|get|have) ART call|angerufen werden|"
    r"telefonisch beraten) ",
    r"(?:WANT <3>über ART (?:CALLBACK|anruf)|über ART (?:CALLBACK|anruf) WANT) ",
    rf"{_CAN}(?:i|we|ich|wir) (?:PLEASE )*(?:GIVE|have|haben) (?:ART )*(?:call|CALLBACK|anruf) ",
    r"SOMEONE (?:PLEASE )+(?:call|ring|phone) ",
    r"(?:WANT|PLEASE) (?:um )?telefonischen kontakt ",
    r"^(?:PLEASE |lieber )+(?:telefonisch|ring|call) (?:PLEASE )*$",
    rf"(?:can we|could we|let's|prefer|rather) <4>{_BY_PHONE}",
)
PERSON = _p(
    # nothing but the word
    rf"^{_LEAD}PERSON {_TAIL}",
    r"^PERSON (?:oder|or) (?!BOT|REAL)",
    rf"^{_LEAD}customer (?:DEPT|care|service) {_TAIL}",
    rf"^{_LEAD}(?:DEPT PLEASE |PLEASE DEPT |REAL DEPT ){_TAIL}",
    rf"^{_LEAD}DEPT PERSON {_TAIL}",
    rf"^{_LEAD}SOMEONE (?:REAL|vom team|von euch|von ihnen|from ART team|aus ART team) {_TAIL}",
    rf"^{_LEAD}REAL (?:PERSON|leute|people|one) {_TAIL}",
    rf"^(?:PERSON ){{1,5}}{_TAIL}",
    rf"^{_LEAD}(?:PERSON|DEPT) (?:SPEAK|PHONE|CONNECT|kontaktieren|request|contact|GIVE) (?:PLEASE )*$",
    rf"^{_LEAD}(?:verbindung|request|gespräch|anfrage|contact|kontakt) (?:zu|mit|for|to|with) {_WHO}",
    r"from (?:ART |REAL )*PERSON PLEASE ",
    r"PERSON (?:request|intervention|help|assistance|contact|support|DEPT) (?:PLEASE )*",
    r"REAL (?:hilfe|unterstützung|kontakt) PLEASE ",
    r"PLEASE REAL (?:hilfe|unterstützung|kontakt) ",
    r"(?:WANT|PLEASE|ART|um|bestehe auf ART) (?:persönliche\S*|personal) (?:kontakt|beratung|gespräch|"
    r"ansprechpartner) ",
    r"^persönliche\S* (?:beratung|ansprechpartner) (?:PLEASE )*",
    # speaking with one
    rf"{_SPEAK}(?:this |it |that |das |ART |lieber |rather |PLEASE |nur |noch |only )*(?:through |over )?{_WITH}{_WHO}",
    rf"{_SPEAK}(?:my |your |an |to |with )*(?:PERSON|REAL PERSON) $",
    rf"{_WITH}(?:{_STAFF}|{_BODY}|{_SOMEONE})<5>(?:SPEAK|PHONE|besprechen|besprochen|klären) ",
    rf"WANT <3>{_WITH}{_WHO}",
    r"WANT (?:nur )?mit REAL (?:leute|leuten) ",
    rf"WANT <4>{_STAFF}(?:SPEAK|PHONE|persönlich) ",
    rf"{_CAN}{_I}<3>{_STAFF}(?:SPEAK|haben|have) ",
    rf"(?:{_CAN}{_I}|WANT )<4>{_SOMEONE}<4>SPEAK ",
    rf"(?:who|wem|wen) {_CAN}{_I}<4>(?:SPEAK|PHONE) ",
    r"(?:kontakt|contact) (?:zu|mit|with|to) ART PERSON ",
    rf"(?:WANT|{_CAN.strip()}) <4>(?:herr|herrn|frau|mr|mrs|ms|miss) \S+ <4>(?:SPEAK|haben|PHONE) ",
    rf"{_SPEAK}(?:to |with )(?:(?:mr|mrs|ms|miss) \S+|\S+ AGAIN) ",
    r"(?:continue|SPEAK|chat) (?:with|to) ART (?:lady|gentleman|woman|man|guy) ",
    rf"{_CAN}{_I}(?:sie|ihn|her|him) <2>AGAIN <1>(?:haben|SPEAK) ",
    # wanting, getting, being given one
    r"(?:WANT|want) (?:PLEASE |ART |REAL |ich |i |wir |sie |AGAIN |to |zu |have |nur |see |get |like |love |"
    r"prefer |rather |lieber |gern |"
    r"hier |mir |endlich |noch |on |auf )*(?:PERSON|REAL (?:leute|people)|ART von (?:euch|ihnen))(?! (?:werden|"
    r"werben|sein|account|zugang|access|für mein)) ",
    r"(?:WANT|need) (?:PLEASE |to |have |like |lieber |gern |hier |da |ART )*SOMEONE (?:REAL |to (?:look|help|"
    r"call|SPEAK|"
    r"sort|deal|check|explain|take)|who |from |aus |von |vom |in charge |on the phone |AGAIN |ART |$)",
    r"(?:prefer|lieber|rather) (?:ART |REAL )*PERSON ",
    rf"GIVE (?:PLEASE |sie |du |ihr |me |mir |us |uns |mi |ART |REAL |on |now |hold of )*(?:PERSON|{_TEAM}|DEPT) ",
    r"(?:GIVE (?:PLEASE |sie |du |ihr )*(?:me|mir|us|uns|mi) |(?:get|hol|holen|hole|holst|fetch|grab) )"
    r"(?:PLEASE |sie |du |mir |me )*SOMEONE ",
    r"(?:hol|hole|holen|holst|get|fetch|grab|GIVE) (?:PLEASE |sie |du |mir |me |mal )*SOMEONE (?!access|zugriff|else)",
    r"her mit (?:ART |REAL )*PERSON ",
    r"(?:put|get) (?:ART |REAL )*PERSON (?:on|in|here) ",
    # being passed on
    r"CONNECT (?:PLEASE |sie |du |just )*(?:mich|me|us|uns|mi) ",
    r"(?:mich|me|mi|uns) (?:PLEASE |mal |eben )*(?:CONNECT|weiterleiten) ",
    rf"(?:mich|me|mi) <2>{_WITH}{_WHO}(?:PLEASE )*(?:CONNECT|verbinde) ",
    r"(?:ART |REAL )+PERSON (?:aus fleisch PLEASE blut )?(?:PLEASE )*(?:CONNECT|weitergeben) ",
    rf"CONNECT (?:PLEASE |this |that |it |das |me )*{_WITH}{_WHO}",
    rf"{_WITH}{_WHO}(?:PLEASE )*(?:CONNECT|verbunden werden|durchgestellt werden|weitergeleitet werden) ",
    r"^(?:PLEASE )*CONNECT (?:PLEASE )*$",
    r"put (?:me|us) (?:through|on) (?!ART )",
    r"(?:be|get|WANT to be) (?:put through|connected|transferred) ",
    r"stell\S* (?:PLEASE |sie |ihr )*(?:mich|mi|uns) <5>durch ",
    r"(?:durchgestellt|durchstellen) (?:werden )?",
    r"(?:hand|pass) (?:me|this|us|it) (?:over|on) (?!ART)",
    r"(?:leite|leit|leiten|leitet|gib|gebt|geben|reich\S*) (?:PLEASE |sie |ihr )*(?:mich|mi|uns|das|es|dies) <5>"
    r"(?:weiter|durch|rüber) ",
    rf"(?:leit\S*|GIVE|geben|reich\S*) (?:PLEASE |sie |ihr )*ART (?:PLEASE )*(?:{_WHO}|ART (?:herr|herrn|frau|"
    rf"mr|mrs|ms) \S+ )"
    r"weiter ",
    rf"(?:GIVE|leite|leit|leiten) (?:PLEASE |sie )*(?:mich|mi) <2>{_WHO}(?:PLEASE )*weiter ",
    r"(?:GIVE|reich) (?:PLEASE )*(?:mich|mi) (?:PLEASE )*weiter ",
    r"(?:übergib|übergeben|weitergeben|überstellen|weiterreichen) (?:PLEASE |sie |das )*(?:ART |REAL )+PERSON ",
    r"ESCALATE ",
    # one of them doing something
    rf"{_CAN}<4>(?:{_STAFF}|PERSON |SOMEONE (?:from|von|vom|aus|of|bei) ){_FILL}<6>{_CARE}",
    rf"(?:{_STAFF})(?:soll|sollte|should|must|muss|darf|to) <4>{_CARE}",
    r"(?:das|da|dies|this|that|es|it|ART) (?:muss|soll|sollte|should|must) (?:PLEASE |bitte )*(?:ART |REAL )+PERSON ",
    rf"(?:soll|sollte|muss|should|let) <3>(?:ART |REAL )*PERSON <3>{_CARE}",
    rf"sich (?:ART |REAL )*PERSON <4>{_CARE}",
    r"(?:ART |REAL )*PERSON (?:WANT be|wäre) ",
    r"WANT <2>from (?:ART |REAL )*PERSON ",
    r"WANT (?:PLEASE )*ART (?:PLEASE |REAL )*DEPT ",
    r"WANT (?:PLEASE )*persönlich (?:beraten|betreut) ",
    r"(?:GIVE|let) me have (?:ART |REAL )*PERSON ",
    r"schick\S* (?:PLEASE )*(?:mir|uns) (?:PLEASE )*SOMEONE ",
    r"(?:muss|müsste|has to|have to|needs to|must|soll) <3>SOMEONE <2>"
    r"(?:klären|sort|fix|machen|übernehmen|kümmern|lösen) ",
    r"SOMEONE <1>(?:muss|has to|needs to|must|should) (?:sort|fix|klären|deal|look|help|call|take|sich) ",
    rf"{_CAN}<4>SOMEONE <3>(?:machen |helfen )?(?:ART|who) <4>(?:auskennt|knows|can) ",
    rf"(?:PLEASE |^|{_CAN})<3>(?:ask|fragen|frag|fragt) (?:sie |PLEASE )*(?:ART |one of |of )+PERSON ",
    rf"{_CAN}<3>(?:ART )+PERSON fragen ",
    rf"(?:GIVE|put|{_CAN.strip()}) <4>(?:SOMEONE|PERSON) (?:PLEASE )*(?:ans|on the|on ART|ART|an den) "
    rf"(?:telefon|phone|apparat|line) ",
    r"(?:by|von) (?:ART |REAL )*PERSON (?:geprüft|beantwortet|bearbeitet|gelesen|entschieden|angeschaut|beraten) ",
    r"(?:reviewed|checked|handled|answered|read|looked at) by (?:ART |REAL )*PERSON ",
    rf"(?:ist|sind|is|are|ART) <2>{_STAFF}(?:PLEASE )*(?:online|im SPEAK|available|free|around|erreichbar|verfügbar) ",
    r"(?:knopf|button|option|taste) <2>(?:for|für|zu|to|zum) (?:ART |REAL |SPEAK |to |with |mit )*PERSON ",
    rf"(?:WANT|PLEASE|GIVE|let|how|{_CAN.strip()}) (?:(?!BOT |WANT |my |mein\S* |für |for )\S+ ){{0,6}}?"
    r"(?:mit|with|to|zu|zum|by|von) (?:PLEASE |ART |REAL )*PERSON(?! (?:account|konto|who signed|SPEAK|with|mit)) ",
    r"(?:take|switch|GIVE|lead|direct|redirect|move|send|put) (?:me|us) (?:over |through |on )?(?:to|with) "
    rf"{_WHO}",
    r"^(?:PLEASE )*(?:take|GIVE|loop|pull|schalt\S*|zieh\S*|holt?|hand over|handover|hand) (?:sie |ihr |du )?<2>"
    r"(?:in |to |dazu |PLEASE )*(?:ART |REAL )*PERSON ",
    r"handover (?:PLEASE )*$",
    rf"(?<!i )(?:through|durch) (?:to|zu) {_WHO}",
    r"(?:zu|zum|to) <1>DEPT (?:durch|through) ",
    r"PLEASE (?:weiter|rüber|zurück) <2>(?:DEPT|PERSON) ",
    rf"(?:WANT|{_CAN.strip()}) <4>(?:conversation|chat|gespräch|call) (?:with|mit) {_WHO}",
    rf"(?:how|{_CAN.strip()}) <3>(?:contact|reach|kontaktieren|erreichen) (?:ART |REAL )*PERSON ",
    rf"{_CAN}<2>SOMEONE (?:PLEASE )*(?:holen|dazuholen|GIVE|rufen) $",
    rf"{_CAN}<2>SOMEONE REAL <3>{_CARE}",
    r"WANT <5>persönlich mit SOMEONE ",
    r"(?:WANT (?:to |PLEASE )*|ART WANT (?:ich |i ))SPEAK (?:(?:to |with |mit )(?:them|him|her|ihm|ihr|denen) )?$",
    r"(?:WANT|SPEAK) <4>(?:frau|herr|herrn|mr|mrs|ms) \S+ AGAIN ",
    rf"(?:WANT|{_CAN.strip()}) <4>(?:lady|guy|man|woman|gentleman|herr|herrn|dame|frau|PERSON) (?:from|von) "
    r"(?:yesterday|gestern|vorhin|heute|this|last|letzter|neulich|earlier|before) ",
    r"(?:matter|job|case|question|sache|fall|something|was) (?:for|für) (?:ART |REAL )+PERSON ",
    r"(?:hobts|habts) <3>SOMEONE <5>(?:helfen|hilft|auskennt|kennt) ",
    rf"um (?:weiterleitung|übergabe|verbindung|vermittlung) (?:ART |zu |mit )*{_WHO}",
    r"(?:übernimm|übernimmt|übernehme|schreibt mir|hilft mir) <2>(?:ART |REAL )*PERSON ",
    r"(?:how about|what about|wie wäre es mit|wie wärs mit|wie wär's mit) (?:ART |REAL )*PERSON ",
    r"GIVE (?:PLEASE |sie |ihr )*(?:me|mir|uns|us) (?:PLEASE |ART )*(?:frau|herr|herrn|mr|mrs|ms|miss) ",
    r"(?:frau|herr|mr|mrs|ms) \S+ (?:soll|should|must|muss) ",
    r"SPEAK (?:only |just |PLEASE |nur |noch )*(?:to|with|mit) (?:people|leuten|humans) ",
    rf"{_CAN}(?:you|u|du|sie|ihr|ART) <2>(?:page|involve|GIVE|get|call|fetch|holen) (?:PLEASE )*(?:ART |REAL )+PERSON ",
    r"SOMEONE (?:REAL |PERSON )(?:there|here|da|hier) ",
    # is there one?
    rf"(?:is there|are there|gibt es|gibts|gibt's|gits|ist|habt ART|haben sie|any|is|got) <3>(?:{_STAFF}|"
    rf"{_BODY}|SOMEONE "
    r"|any PERSON )<8>(?:SPEAK|PHONE|TALKING|available|verfügbar|frei|who can|ART mir|auskennt|kennt|übernehmen|"
    r"help|helfen|hilft|klären|sort|deal) ",
    r"(?:how|where|wie|wo|is there a way|any chance|irgendwie) <6>(?:get|find|reach|erreich\S*|komm\S*|"
    r"bekomm\S*|krieg\S*|"
    r"hold|GIVE) <4>(?:to |of |an |zu )?(?:ART |REAL )*PERSON ",
    r"(?:gibts|gibt es|gibt's|is there|are there|habt ART|haben sie|ist da|ist hier|anybody|anyone) <3>REAL "
    r"(?:leute|people|PERSON)(?= SPEAK| available| hier| da| PLEASE| $|$) ",
    r"^(?:PLEASE |ist |is )*(?:da |hier |dort )?(?:PERSON|ART PERSON|SOMEONE REAL) (?:da |there |dort |hier "
    r")+(?:ART |$)",
    r"^(?:PLEASE )*ist (?:da|hier|dort) (?:PLEASE )*(?:SOMEONE REAL|wer REAL|(?:ART |REAL )*PERSON) $",
    r"geht\S* <3>mit (?:ART |REAL )*PERSON ",
    r"mit (?:ART |REAL )+PERSON <2>kontakt ",
    r"(?:mich|me) <1>(?:ART |REAL )*PERSON (?:kontaktiert|anruft|anschreibt) ",
    r"WANT <4>SOMEONE <4>meldet ",
    r"(?:schreibt|schreib|antwortet|hilft) (?:mir|mich|uns) <3>PERSON ",
    r"(?:mir|me|uns) (?:PLEASE )*(?:ART |REAL )*PERSON (?:GIVE|besorgen|schicken) ",
    r"(?:ist|is|kann|can|könnte|could) (?:PLEASE )*(?:herr|frau|mr|mrs|ms) \S+ (?:da|there|available|das|AGAIN|"
    r"übernehmen) ",
    r"(?:ART )*(?:dame|herr|herrn|lady|guy|PERSON) (?:von|from) <2>(?:PLEASE |AGAIN )+",
    rf"{_CAN}<3>ART (?:von|of) (?:euch|ihnen|you) <3>(?:ran|{_CARE.strip()})",
    r"is SOMEONE REAL there ",
    # waiting for one
    r"(?:wait|warte|warten) <2>(?:for|auf) (?:ART |REAL )*PERSON ",
)
DENYING = _p(
    # who are you?
    r"(?:bist|bisch|are|sind|seid|bin|r) (?:du|sie|ihr|you|u) .*(?:PERSON|BOT|REAL|leute|SOMEONE) ",
    r"(?:du|you|sie|ihr) (?:bist|are|sind|klingst|sound|klingen|seid) .*(?:PERSON|BOT) ",
    r"(?:you're|youre|i'm|im|am|are|is|bin|bist|ist|sind|sei|isn't|aren't) <3>(?:NOT )?<2>BOT ",
    r"(?:ist|is|war|was) (?:das|this|that|it|dies|hier|dort|der|er|sie) (?:PLEASE |jetzt |hier |da |also |denn )*"
    r"(?:ART |REAL )*(?:PERSON|BOT) (?!<4>(?:SPEAK|available|ART mir|ART das|who|übernehmen))",
    r"(?:SPEAK|TALKING|schreibe|chatte|rede|spreche) (?:ich|i) (?!NOT )",
    r"(?:ART|am|was|bin) (?:ich|i) <3>(?:TALKING|SPEAK|chatting|in touch|dealing|mit|verbunden) ",
    r"(?:is|ist|sind|are) <2>(?:PERSON|SOMEONE) <2>(?:reading|behind|writing|typing|hinter|am) ",
    r"^(?!.*WANT).*(?:written|answered|geschrieben|beantwortet) (?:by|von) ",
    r"^(?!.*WANT).*von <2>PERSON <2>(?:geschrieben|beantwortet|gelesen|geprüft) ",
    r"(?:arbeit\S*|schreibt(?! mir)|schreiben|sitzt|sitzen|antworten|antwortet|work|works|lesen) <4>(?:hier |"
    r"bei euch |there )?"
    r"<2>(?:PERSON|SOMEONE|leute|BOT) (?!.*(?:CONNECT|PLEASE|mit ART))",
    r"^(?:ART |euer |eure )*PERSON WANT (?!be )",
    r"(?:do|does|did|how many|wie viele|wieviele) <2>(?:PERSON|people|leute|menschen|agents) ",
    # the opposite of a wish
    r"WANT <4>(?:NOT|no|WITHOUT|niemanden|nobody) <4>(?:PERSON|SOMEONE|CONNECT|CALLBACK|DEPT|anrufen|angerufen|"
    r"PHONE|call|called) ",
    r"NOT (?:WANT|have to|need|ask|asked|require) <5>(?:PERSON|SOMEONE|CONNECT|CALLBACK|DEPT|call|PHONE) ",
    r"(?:no longer|no need|NOT need|needn't|nicht nötig|NOT nötig|unnecessary) ",
    r"(?:NOT|stop) <1>(?:CONNECT|call|anrufen|anruf|zurückrufen|angerufen|ring|phone|zu CONNECT|transferring) ",
    r"(?:WITHOUT) (?:ART |REAL )*(?:PERSON|DEPT) ",
    r"(?:no|NOT|than|als|wie|like) <1>(?:ART |REAL |any |jeder )*PERSON (?:needed|nötig|notwendig|required|"
    r"necessary|ever|"
    r"I |i |i've |geholfen )",
    r"(?:better|besser) than ",
    r"(?:besser|schneller|netter) als ",
    # about them, or somebody else's
    r"(?:habt|haben|hast|hat|have|has|had|wurde|wurden|were|was|got|bin) .*(?:verbunden|connected|transferred|"
    r"weitergeleitet) ",
    r"(?:ich|i) (?:through|durch) (?:to|zu) ",
    rf"{_OTHERS}<4>(?:call|ring|phone|anrufen|anruft|anrufe|rufen|melden|mich|SPEAK|contact) ",
    rf"(?:call|anrufen) <2>(?:vom |von |by |from )?{_OTHERS}",
    r"(?:become|becoming|hiring|sucht|werden|bewerb\S*) <3>(?:PERSON|DEPT) ",
    r"PERSON werden ",
    r"(?:has|hat|hatte|haben|had|told|said|sagte|meinte|promised|war|was|were|konnte|wollte|aufgelegt|sprach|spoke|"
    r"talked|gesprochen|telefoniert) (?!.*(?:PLEASE|again )).*(?<!WANT )(?:PERSON|SOMEONE|DEPT) (?!.*(?:SPEAK|"
    r"CONNECT))",
)
NEGATED_PERSON = _p(r"(?:NOT|no) (?:REAL |ART |single )*(?:PERSON|CALLBACK) ")
"""A wish is denied by this unless somebody asks why not."""
WHY_NOT = _p(rf"(?:(?:warum|wieso|weshalb|why|how come) <2>)?(?:can't |cannot |{_CAN})(?:ich|i|man|we|wir) ")
EXCLAIMING = _p(r"^(?:PLEASE |oh |ach |och |na |boah |man )*PERSON (?:leute |kinder |meier |ey )*$")
"""German "Mensch, …!" is no wish where more follows."""
