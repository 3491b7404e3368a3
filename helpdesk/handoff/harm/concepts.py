"""The words of harm by what they mean, German and English in one table: what is learnt of one is learnt of all.

A word counts when it begins with an entry; an entry that ends with "." is the whole word, "_" joins words of an entry.
"""

import re
from functools import lru_cache

_BONES = ("leg", "arm", "wrist", "finger", "thumb", "toe", "foot", "ankle", "nose", "rib", "elbow", "shoulder")
_BROKEN_BONES = " ".join(
    f"{whose}_{bone}_is_broken {whose}_broken_{bone} broke_{whose}_{bone}"
    for whose in ("my", "his", "her") for bone in _BONES
)  # fmt: skip
CONCEPTS: dict[str, str] = {
    "WHO": (
        "ich. mir. mich. wir. uns. i. me. my. we. us. mein. meine. meiner. meinem. meinen. unser unsere. unserer. "
        "our. sie. er. he. she. him. her. ihm. ihr. jemand someone somebody"
    ),
    "FAMILY": (
        "mann. frau. ehemann ehefrau sohn. tochter kind. kinder. baby babys säugling kleine. kleiner. kleinen. "
        "enkel einjährig zweijährig dreijährig oma. opa. großmutter großvater mutter. vater. mama papa eltern "
        "bruder schwester tante onkel "
        "schwager schwägerin schwieger neffe nichte cousin lebensgefährt partner freundin. freund. "
        "junge. mädchen. hund. katze. kunde. kundin. empfänger kontoinhaber vertragsinhaber nachbar husband wife. "
        "son. daughter child. children. kids. kid. toddler little_one one-year-old grandson granddaughter gran. "
        "granny grandad grandpa grandma grandmother grandfather mother father mum. mom. dad. parents brother "
        "sister aunt uncle nephew niece boy. girl. dog. cat. customer. recipient holder. nan."
    ),
    "BODY": (
        "hand. hände. händen. handballen handgelenk finger daumen zeh. zehe. fuß. fuss. füße. bein. beine. arm. "
        "arme. unterarm ellbogen knie. schulter rücken. kopf. kopfhaut stirn. auge. augen. gesicht haut. lippe "
        "mund. hals. nase. ohr. ohren. ohrläppchen zahn. zähne. hüfte rippe knochen oberschenkel haare. haaren. "
        "nagel. bauch. lunge körper hand. hands. palm. wrist finger thumb toe. toes. foot. feet. leg. legs. arm. "
        "arms. forearm elbow knee shoulder back. head. scalp forehead eye. eyes. face. skin. lip. mouth. neck. "
        "nose. ear. ears. tooth. teeth. hip. rib. bone hair. stomach lung ankle chin. body."
    ),
    "HURT": (
        "aufgeschnitten gestochen verätzt bluterguss nasenbluten veilchen black_eye nosebleed cut_open stung "
        "was_bitten been_bitten got_bitten bitten_by "
        "verletzt verletzung verletzte verbrannt. verbrannte verbrüh verbrühung geschnitten. schnitt. schnittwunde "
        "aufgeschlagen aufgeschürft aufgerissen gequetscht eingeklemmt geprellt prellung verstaucht gestürzt "
        "stürzte sturz. ausgerutscht gestolpert abgerutscht blutet blutete geblutet blut. beule. platzwunde wunde. "
        "genäht. nähen. geschwollen schwellung entzündet eiter brandblase blase. blasen. schmerz schmerzen tut_weh "
        "tat_weh wehgetan gehirnerschütterung ohnmächtig bewusstlos krankenhaus notaufnahme notarzt krankenwagen "
        "rettungswagen verschluckt verschlucken erstickt erstick gewürgt vergift giftnotruf übel. übelkeit "
        "erbrochen erbricht erbrechen durchfall schwindelig ausschlag pusteln quaddeln juckt juckreiz rötung "
        "allergisch_reagiert allergische_reaktion allergischer_schock allergischen_schock atemnot schlecht_luft "
        "keine_luft stromschlag stromstoß einen_schlag gewischt. elektrisiert versengt weh. weinte. hurt hurts "
        "injur burned burnt. burns scald cut_myself cut_my cut_his cut_her sliced bruise sprain fractured stitches "
        "stitched bleed bled. blood bump. gash wound swollen swelling infected blister pain. sore. concussion "
        "fainted unconscious hospital a&e emergency ambulance paramedic swallowed swallow choke choking choked "
        "poison vomit threw_up sick_after dizzy rash hives blotches itch itchy allergic_reaction anaphyla breathe "
        "breath breathing electric_shock a_shock electrocut singed slipped tripped fell. fallen. crushed trapped. "
        "pinched stung. "
        "handgelenk_gebrochen arm_gebrochen bein_gebrochen finger_gebrochen nase_gebrochen zeh_gebrochen "
        + _BROKEN_BONES
    ),
    "FELL": (
        "gefallen. runtergefallen heruntergefallen umgefallen zusammengebrochen zusammengekracht eingebrochen "
        "nachgegeben gekippt umgekippt gelöst. abgebrochen. durchgebrochen collapsed gave_way came_down tipped "
        "tipping falls. fell_on came_undone came_loose snapped. rolled"
    ),
    "FIRE": (
        "feuer. brennt. brannte gebrannt brennen. flamme stichflamme rauch. qualm qualmt geraucht geschmort "
        "verschmort funken funkt blitzt knall. geknallt explodiert explosion geplatzt. "
        "feuerwehr ein_brand. einen_brand. der_brand. im_brand. in_brand_ge brandgeruch "  # alone it is an English make
        "glüht fire. flame smoke smoking spark sparks flash. bang. exploded explosion burst. burst_into fire_brigade "
        "burnt_smell burning_smell caught_light"
    ),
    "SCORCH": (
        "geschmort verschmort schmort kokelt gekokelt verkohlt angesengt geschmolzen durchgeschmort "
        "smoulder melted melting burning_plastic smells_burnt smells_of_burning smell_of_burning "
        "burning_smell burnt_smell scorched_smell brandgeruch angebrannt "
        "verbranntem_plastik verbranntem_kunststoff riecht_verbrannt verschmort_riecht "
        "charred scorched singed"
    ),
    "GAS": (
        "gas. gasgeruch gasschlauch gasflasche nach_gas kohlenmonoxid dämpfe ätzend säure. giftig schimmel fumes "
        "smells_of_gas smell_of_gas gas_leak gas_hose carbon_monoxide acid. toxic mould mold"
    ),
    "SHOCK": (
        "strom. unter_strom kribbel kribbelt blanke blanker blanken draht isolierung kurzschluss sicherung. tingle "
        "tingling is_live live. bare_wire bare_wires insulation short_circuit fuse."
    ),
    "HOT": ("heiß. glühend überhitzt aufgebläht gebläht ausgelaufen too_hot so_hot overheat swollen. bulging"),
    "SHARP": (
        "scharfe scharfkantig spitze. spitz. spitzen. scherben. glassplitter nägel. nagel. metallkante klinge "
        "sharp. nails. spike blade. shards broken_glass points. metal_edge"
    ),
    "SMALL": (
        "magnet knopfzelle kleinteil perle kugel. in_den_mund erdrosseln strangul kindersicherung button_cell "
        "small_parts bead. beads marble. in_his_mouth in_her_mouth child_lock strangle"
    ),
    "DEAD": (
        "verstorben verstarb gestorben. starb. tod. todes todesfall tote. toten. beerdigt "
        "begraben beigesetzt sterbeurkunde totenschein trauerfall entschlafen verunglückt tödlich erbe. erben. "
        "erbin. erbfall erbschein erbausfertigung nachlass testament witwe. witwer von_uns_gegangen "
        "lebt_nicht_mehr lebt_leider_nicht nicht_mehr_da nicht_mehr_am_leben verloren. died. dies. dead. death "
        "deceased passed_away passed. passing. buried late. executor probate estate. heir heirs widow "
        "widower no_longer_alive no_longer_with not_with_us isn't_with_us bereave lost. killed."
    ),
    "FUNERAL": "beerdigung bestattung trauerfeier beisetzung funeral memorial wake. kranz wreath",
    "DEVICE": (
        "handy. akku. batterie. display. bildschirm motor. gerät. laptop pflanze. blume. baum. telefon screen. "
        "battery phone. device. laptop plant. houseplant machine. remote. printer drucker tastatur keyboard"
    ),
    "THING": (
        "stuhl tisch sessel sofa schrank regal lampe bett. matratze lehne kopfteil fußteil chair table armchair sofa "
        "wardrobe shelf lamp bed. mattress desk"
    ),
    "DAMAGE": (
        "eingedellt eingedrückt delle. dellen. beule. verbeult verbogen zerknickt zerkratzt kratzer. macke. macken. "
        "riss. risse. gerissen. eingerissen gesprungen. sprung. zersprungen zerbrochen. kaputt. defekt beschädigt "
        "abgeplatzt abgesplittert abgeschlagen dented dent. dents. bent. bashed squashed crumpled scratch chip. chips. "
        "chipped crack. cracks. cracked torn. broken. broke. damaged faulty shattered"
    ),
    "UNPACKED": (
        "ausgepackt auspacken auspackt aufgemacht geliefert. angekommen. ankam. kam. unpack unboxed opened_the "
        "out_of_the_box arrived. delivered. came."
    ),
    "ASIDE": (
        "deshalb. daher. weswegen konnte_nicht konnten_nicht nicht_annehmen verpasst. umgetauscht verspäten "
        "so_i_couldn't so_we_couldn't couldn't. missed. because_of therefore niemand. nobody."
    ),
    "SUITED": (
        "geeignet. empfehlen welche. welcher. welches. gibt_es haben_sie habt_ihr enthält ungiftig ab_welchem "
        "suitable recommend which. do_you do_they is_there are_there contain does_it does_the is_the"
    ),
    "IF": "wenn. falls. könnte. kann. if. could. can. may. might. sollte. should.",
}
_PART_OF_A_THING = re.compile(
    r"\b(?:legs?|arms?|backs?|feet|foot|heads?|body) of (?:the|a|an|my|our|this|that|one)(?: \w+)? "
    r"(?:chair|bench|stool|table|sofa|couch|bed|shelf|cupboard|wardrobe|lamp|desk|deckchair|armchair|parasol)s?\b"
    r"|\b(?:beine?|arme?|rücken|fuß|füße|kopf) (?:vom|von (?:der|dem|einem|einer)|des|der|am|an der) (?:\w+ )?"
    r"\w*(?:stuhl|stuhls|stuhles|bank|hocker|hockers|tisch|tischs|tisches|sofa|sofas|couch|bett|betts|bettes|regal|regals|schrank|"
    r"schranks|schrankes|lampe|sessel|sessels|liege|sonnenschirm|sonnenschirms)\b"
)
"""A chair has legs, too."""
_WORRY = re.compile(
    r"\W*(?:and |und )?(?:(?:should|do|must) (?:i|we) (?:need to )?(?:be )?(?:worr|concerned)|"
    r"(?:is|was) (?:that|this|it) (?:normal|dangerous|safe|bad|ok)|what (?:should|shall|do|must) (?:i|we) do|"
    r"(?:muss|müssen|sollte|soll) (?:ich|wir|man) (?:mir|uns|sich) (?:da )?(?:sorgen|gedanken)|"
    r"(?:ist|war) (?:das|es) (?:denn |noch |schon )?(?:normal|gefährlich|schlimm|in ordnung|ok)|"
    r"was (?:soll|sollen|muss|müssen|mache|machen|tun) (?:ich|wir)(?: (?:jetzt|da|nun))?"
    r"(?: (?:tun|machen))?)\b.{0,20}\?$",
    re.IGNORECASE,
)
"""A question that takes nothing back of what was told before it, as "what if" does."""
_WORD = re.compile(r"[^\W_]+(?:[-'’&][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?\n…]+[.!?…]*")


def _patterns() -> dict[str, re.Pattern[str]]:
    compiled = {}
    for name, entries in CONCEPTS.items():
        forms = [re.escape(entry.rstrip(".")).replace("_", " ") + ("(?!\\w)" if entry.endswith(".") else "")
                 for entry in entries.split()]  # fmt: skip
        compiled[name] = re.compile(rf"(?<!\w)(?:{'|'.join(forms)})")
    return compiled


_PATTERNS = _patterns()


def sentences_in(text: str) -> list[str]:
    """The sentences of a text, and those with words only."""
    return [each.strip() for each in _SENTENCE.findall(text) if _WORD.search(each)]


@lru_cache(maxsize=4096)
def signs_of(sentence: str) -> frozenset[str]:
    """The concepts of a sentence, each two of them together, and whether it asks."""
    small = _PART_OF_A_THING.sub(" ", " ".join(_WORD.findall(sentence.lower())))
    names = [name for name, pattern in _PATTERNS.items() if pattern.search(small)]
    if sentence.endswith("?") and not _WORRY.fullmatch(sentence):
        names.append("?")
    pairs = {f"{one}+{other}" for place, one in enumerate(names) for other in names[place + 1 :]}
    return frozenset(names) | pairs
