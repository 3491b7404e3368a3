"""The words that carry no fact of their own, and the small ones that turn a fact around. German and English.

A reworded text may use the first freely. The second are counted: none may come or go.
"""

from collections.abc import Mapping


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _classes(**rows: str) -> Mapping[str, str]:
    return {word: name.rstrip("_") for name, words in rows.items() for word in words.split()}


NEGATIONS: Mapping[str, Mapping[str, str]] = {
    "de": _classes(
        no="nicht kein keine keinen keinem keiner keines nein weder nichts",
        never="nie niemals nimmer",
        nobody="niemand niemanden niemandem nirgends nirgendwo",
        without="ohne",
    ),
    "en": _classes(
        no="not no nor neither cannot none nothing dont doesnt didnt isnt arent wasnt werent wont cant couldnt "
        "shouldnt wouldnt havent hasnt hadnt mustnt neednt aint",
        never="never",
        nobody="nobody nowhere",
        without="without",
    ),
}
"""Each word with its kind: "not", "never" and "without" are not the same."""

OPERATORS: Mapping[str, Mapping[str, str]] = {
    "de": _classes(
        can="kann kannst können könnt möglich",
        could="könnte könnten könntest",
        may="darf darfst dürfen dürft",
        must="muss musst müssen müsst verpflichtet zwingend",
        should="soll sollen sollst sollte sollten solltest",
        want="will wollen möchte möchten möchtest",
        only="nur lediglich ausschließlich bloß allein",
        all="alle allen aller alles jede jeden jedem jeder jedes sämtliche sämtlichen",
        some="einige einigen manche manchen mehrere mehreren teilweise",
        always="immer stets jederzeit",
        often="oft häufig meist meistens normalerweise üblicherweise",
        seldom="selten kaum",
        perhaps="vielleicht eventuell womöglich möglicherweise gegebenenfalls",
        surely="sicher garantiert bestimmt natürlich selbstverständlich definitiv klar ja doch",
        about="etwa circa ca ungefähr rund fast nahezu",
        least="mindestens wenigstens",
        most="höchstens maximal",
        more="mehr über",
        less="weniger unter",
        until="bis",
        since="ab seit",
        before="vor vorher zuvor bevor ehe",
        after="nach nachdem danach",
        during="während innerhalb binnen",
        between="zwischen",
        if_="wenn falls sofern soweit sobald solange",
        except_="außer ausgenommen ausgeschlossen",
        instead="statt anstatt anstelle sondern",
        because="weil deshalb daher deswegen",
        although="obwohl trotz trotzdem dennoch",
        already="schon bereits",
        still="noch",
        first="erst zuerst",
        per="pro je",
        twice="doppelt zweimal einmal dreimal halb",
    ),
    "en": _classes(
        can="can able possible",
        could="could might",
        may="may allowed permitted",
        must="must required obliged need needs",
        should="should ought",
        will="will shall ll",
        only="only solely just exclusively merely",
        all="all every each any",
        some="some several partly",
        always="always anytime",
        often="often usually mostly normally typically",
        seldom="seldom rarely hardly barely",
        perhaps="perhaps maybe possibly",
        surely="surely certainly guaranteed definitely naturally yes sure",
        about="about around roughly approximately nearly almost",
        least="least minimum",
        most="most maximum",
        more="more over above",
        less="less under below fewer",
        until="until till",
        since="since",
        before="before",
        after="after afterwards",
        during="during within while",
        between="between",
        if_="if when once unless provided",
        except_="except excluding excluded",
        instead="instead rather",
        because="because therefore hence",
        although="although though despite",
        already="already",
        still="still yet",
        first="first",
        per="per",
        twice="twice double half",
    ),
}
"""Words that set a limit, a condition or a degree, each with its kind."""

BEFORE_NUMBERS: Mapping[str, Mapping[str, str]] = {
    "de": _classes(by="um gegen", to="auf"),
    "en": _classes(by="by", since="from", to="to", at="at"),
}
"""Words that are operators only right before a number."""

PERSONS: Mapping[str, Mapping[str, str]] = {
    "de": _classes(
        i="ich mich mir mein meine meinen meinem meiner",
        we="wir",
        us="uns",
        our="unser unsere unseren unserem unserer unseres",
        thou="du",
        thee="dich dir",
        thy="dein deine deinen deinem deiner deines",
        you="Sie",
        to_you="Ihnen",
        your="Ihr Ihre Ihren Ihrem Ihrer Ihres",
    ),
    "en": _classes(i="i me my mine", we="we", us="us", our="our ours", you="you", your="your yours"),
}
"""Who does it, to whom, whose. "Sie", "Ihnen", "Ihr" with a capital only."""

TENSES: Mapping[str, Mapping[str, str]] = {
    "de": _classes(
        be="ist sind bin bist seid sei",
        have="hat haben habe hast habt",
        past="war waren warst wart wurde wurden worden gewesen hatte hatten",
        become="wird werden werde wirst werdet",
    ),
    "en": _classes(
        be="is are am be being", have="has have having ve", past="was were been had did", do="do does doing"
    ),
}
"""Whether it is, was, has been or will be: nothing becomes done by being reworded."""

PREPOSITIONS: Mapping[str, Mapping[str, str]] = {
    "de": _classes(
        to="an ans am", in_="in im ins", on="auf", out="aus", at="bei beim", with_="mit", from_="von vom", for_="für",
        toward="zu zum zur nach", through="durch", against="gegen", about="über", under="unter", instead="statt",
    ),
    "en": _classes(
        to="to", in_="in into", on="on onto", at="at", with_="with", from_="from", for_="for", of="of", by="by",
        through="through via", about="about", under="under",
    ),
}  # fmt: skip
"""What a thing is to the rest of its clause."""

PLAIN: Mapping[str, frozenset[str]] = {
    "de": _set(
        """
        der die das den dem des ein eine einen einem einer eines und oder aber sowie auch so dann da dabei dafür dazu
        damit daran darauf darin darum davon hier dort hierfür hierzu dies diese diesen diesem dieser dieses jene
        welche welcher welches man sich selbst es er sie ihm ihn ihr ihre ihren ihrem ihrer ihnen ist sind war waren
        sei wird werden wurde wurden worden hat haben hatte hatten habe in im ins an am ans auf aus bei beim mit von
        vom zu zum zur durch für gegen um als wie dass ob wo wann wer was gern gerne bitte einfach übrigens nämlich
        zudem außerdem ebenso ebenfalls dessen deren denn bzw beziehungsweise also hin her
        """
    ),
    "en": _set(
        """
        a an the and or but also so then there here this that these those it its itself he she they them their his her
        which who whom whose what where how is are was were be been being has have had having do does did in into on
        onto at by for from of off out up to with as than via through please simply too as well whether
        """
    ),
}
"""Words without a fact of their own. What is more than that to a clause is in the tables above."""

UNITS: Mapping[str, frozenset[str]] = {
    "de": _set(
        "tag werktag arbeitstag woch monat jahr stund minut sekund gramm kilo kg cm mm km meter liter gb mb mal"
    ),
    "en": _set(
        "day workday week month year hour minut second gram kilo kg cm mm km metre litre gb mb tim business work"
    ),
}
"""Stems of what is counted: the number and its unit are one fact."""

PARTICLES = _set("ab an auf aus bei durch ein fest her hin los mit nach um unter vor weg weiter zu zurück zusammen")
"""First parts of German verbs that come apart: "zurücksenden", "Sie senden … zurück"."""
