"""Everyday words of the languages that customers in Europe write most: what a sentence can't do without.

Words that stand in sentences of several languages stand in each; what all of them share ("ok", "paypal") in none.
"""

from collections.abc import Mapping

from knowledge.normalization import words

_LISTED = {
    "de": """
        aber ab alle alles als am an auch auf aus bei beim bin bis bitte brauche bräuchte da dafür damit
        danke dann das dass davon dazu dein deine dem den denn der des deutsch die dir doch du ein eine
        einem einen einer er es etwas euch euer eure für gar geht gehen gerade gibt gibts gut guten habe
        haben habt hat hatte hätte heute hier hilfe hin ich ihn ihr ihre ihren im immer in irgendwie ist ja
        jemand jetzt kann kannst kein keine keinen können könnt könnte kriege lange mal man mehr mein meine
        meinem meinen meiner mich mir mit möchte morgen muss nach nein nicht nichts nix noch nun nur ob oder
        ohne schon seit sich sie sind so soll sollte tag tagen über um und uns unser von vom vor wann war
        warum was weg weil welche wem wen wenn wer werden wie wieder wieso will wir wird wo worden wurde zu
        zum zur zurück zwei hallo moin servus tschüss kostet kosten storno stornieren retoure versand
        bestellung bestellen bestellt paket lieferung liefert rechnung konto geld passwort kaputt umtauschen
        verstehe bekommen gekauft passt vergessen niemand angekommen immernoch nich ne ned net nöd ischt
        isch mis no do i hob hab mei wos des is a wart scho jo kost kriegt zwoa dat wat
        dankeschön verstanden habs klar genau sehr leider natürlich
    """,
    "en": """
        a about all am an and any anyone are as at back be been but by bought can cannot cant could did
        didnt do does doesnt dont english for from get gimme give go got had has have havent hello help her
        here how i id if im in is isnt it its ive just let like long many me more much my need never new no
        nobody not now of off on one or order ordered our out paid pay please received return see send sent
        ship should so some someone still than thank thanks that thats the their them then there these they
        this those to today too tomorrow track understand until up us waiting want was wasnt we were what
        whats when where wheres which who why will with without won wont work working would wrong yet you
        your arrived money parcel delivery refund pls u
    """,
    "fr": """
        au aux avec avoir avez bonjour bonsoir ça ce cela cest cet cette chez coli colis combien comment
        commande compte dans de des dois du elle en encore est estce et être eu faire fait il ils jai je
        jamais la le les leur livraison ma mais mes merci moi mon ne nest non nous on ou où par pas peux
        peut plus pour pourquoi puis quand quel quelle que qu qui quoi rembourser remboursé remboursement
        reçu retourner retour sa sans ses si son sont suis sur toujours tout très un une vous votre vos
        voudrais veux arrivé acheté article exactement
    """,
    "es": """
        a al aún cómo comprar compra con cuál cuándo cuánto cuanto cuesta de del devolver devolución dinero
        donde dónde el en envío es está están este esta estoy factura favor fue gracias ha hace han hay he
        hola la las llegado llegó lo los me mi mis muy necesito no nos o paquete para pedido pero por porque
        puedo pueden qué que quiero quisiera se si sin sobre su tarda tengo tiene todavía un una y ya hago
        roto cancelar cambiar tarjeta
    """,
    "it": """
        al alla anche ancora arrivato buongiorno che ciao ci come comprato con cosa costa costo da dal dei
        del della devo di dove dovè è era fare fattura gli grazie ha hanno ho i il in indietro io la le lo
        ma mi mia mio miei nel non nella o ordine ordinato ordinare pacco pagare per perché posso può quando
        quanto qual quale restituire reso ricevuto rimborso scarpe se si siete soldi sono spedizione su un
        una vorrei voglio
    """,
    "pt": """
        a ainda ao as até bom cancelar cartão chegou com como compra comprei da de demora devolver devolução
        dia dinheiro do dos e é em encomenda entrega esta está estou eu fazer fatura foi já mais mas me meu
        meus minha minhas na não no nos o obrigada obrigado olá onde os ou para pagar pedido pela pelo por
        porque posso preciso qual quando quanto que quero recebi reembolso se sem ser seu sua tenho um uma
        você vocês custa envio
    """,
    "nl": """
        aan al alstublieft annuleren bestelling bestellen betalen ben bij dag dank dat de deze die dit doen
        een en er geen geld geleverd graag had heb hebben heeft het hoe hoeveel hoi ik ik in is je jullie
        kan kapot kosten kost krijg kunnen lang maar me met mij mijn moet naar niet nog nu of om ook op over
        pakket pakje retour retourneren te terug terugsturen tot u uit van veel voor waar waarom wanneer was
        wat we wel welke wil wordt zijn zonder
    """,
    "pl": """
        ale bardzo być chcę chciałbym chciałabym co czy czekam dla dlaczego do dostać dostanę dostałem
        dostałam dostawa dzień dobry dziękuję faktura gdzie i ile ja jak jaki jaką jest jeszcze kiedy
        kosztuje ma mam mi moje moja moją mogę mój można na nie od paczka paczki paczkę pieniędzy pieniądze
        po proszę przesyłka się są to w witam wysyłka z za zamówienie zamówienia zamówiłem zwrot zwrócić
        zrobić przyszła
    """,
    "tr": """
        acaba ama ben bana bir bu çok da daha de değil edebilir gelmedi geldi gerekiyor gibi hâlâ hala hangi
        için iade istiyorum kaç kadar kargo kargom ki lütfen merhaba mi mı ne neden nerede nereden nasıl
        olarak paketim para paramı siparişim sipariş siparişimi sizin selam teşekkürler teşekkür ücreti ürün
        ürünü var ve veya yapılır yapabilirim yapmalıyım yok zaman
    """,
    "ro": """
        aceasta acest ați am are aș bani banii bună că când care cât ce comanda comanda comandă costă cu cum
        cumpărat de din este eu factura fi în încă la livrare livrarea mai mea meu mi mulțumesc nu o pachet
        pachetul coletul colet pe pentru plata plăti pot poate primit produs produsul returna retur sau să
        se sunt și un unde unei vreau vă ziua
    """,
    "hr": """
        ali bih bi dan do dobar gdje gde hvala i ili imam ja je jesam još kada kad kako koliko koji košta li
        mi moj moja moje moju mogu može molim na narudžba narudžbu ne nije nisam novac od paket pošiljka po
        povrat proizvod račun sa sam se smo stigao stigla što šta su to treba u vratiti za zašto želim
        otkazati platiti
    """,
    "cs": """
        ale bych byl bylo co dárek dlouho dobrý doručení den do děkuji doručena faktura fakturu chci jak je
        jestli já jsem jsou k kde kdy kolik které která mám mi moje moji můj mohu můžu na není ne nebo o
        objednávka objednávku od peníze po pošta prosím proč s se si stojí to trvá už v vrátit za zásilka
        zásilku zboží že zaplatit zrušit nedorazil nedorazila
    """,
    "hu": """
        a az csomag csomagom csomagot de egy én és hogy hogyan hol honnan ha igen jó kell kérem köszönöm
        lehet lenne megrendelés rendelés rendelésem rendelésemet rendeltem mennyi mennyibe kerül mi miért
        mikor meg még már nap nem pénzem pénzt szállítás számla számlát szeretném szia termék terméket tudom
        tudok vagy vagyok van vissza visszaküldeni visszakapni visszakapom lemondani fizetni
    """,
    "uk": """
        але був будь де для дякую є замовлення за і коли ласка мені мій можна моє моя на не оплатити посилка
        посилку привіт повернути прийшло скільки та товар у хочу це чи чому що як якщо гроші доставка
        доставку добрий день
    """,
    "ru": """
        а был вернуть где деньги для добрый день доставка доставку есть заказ здравствуйте и как когда
        купить мне мой можно моя мою на не оплатить посылка посылку пожалуйста почему пришел пришла привет
        сколько спасибо товар у хочу что это я
    """,
    "bg": """
        аз благодаря в върна где дали да доставка доставката е здравейте за и искам как кога колко къде мога
        моля моята моят на не пари парите платя поръчка поръчката пратка пратката продукт се си съм това ще
    """,
}
EVERYDAY_WORDS: Mapping[str, frozenset[str]] = {language: frozenset(words(text)) for language, text in _LISTED.items()}
"""By language, in the spelling of `knowledge.normalization.words`."""

OF_NO_LANGUAGE = frozenset(
    words(
        """
        ok okay sorry cool nice super thx lol wow hi hey bye yes app mail email e sms online offline shop
        store chat bot link login logout account code voucher coupon feedback newsletter update download
        upload wlan wifi bluetooth smart home set box deluxe pro max mini plus premium express standard
        tracking status paypal visa mastercard apple google pay klarna amex dhl ups dpd gls hermes fedex
        amazon ebay black friday cyber monday deal sale sneaker t shirt hoodie service point pin tan pdf usb
        server browser cookie team ciao adieu merci gracias grazie salut olé ole favor
        """
    )
)
"""Words that everybody says, and names: they tell nothing of the language around them."""
