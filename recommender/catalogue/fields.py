"""What a column can mean, and the names that shops give to such columns."""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from recommender.catalogue.amounts import CODES


class Field(StrEnum):
    """What a column of a file means for an item.

    availability: words or yes/no beside or instead of a count. published: whether the shop shows the item at all.
    group: what rows of one product with several variants share. sale_price: what is paid instead of the price.
    The relations name ids (or titles) of other items: accessory_of and the like say what this item belongs to;
    accessories, spare_parts, replaced_by and service_plans say what belongs to this item.
    """

    ID = "id"
    TITLE = "title"
    DESCRIPTION = "description"
    CATEGORY = "category"
    PRICE = "price"
    SALE_PRICE = "sale_price"
    CURRENCY = "currency"
    STOCK = "stock"
    AVAILABILITY = "availability"
    PUBLISHED = "published"
    GROUP = "group"
    IMAGE = "image"
    URL = "url"
    ACCESSORY_OF = "accessory_of"
    SPARE_PART_OF = "spare_part_of"
    REPLACEMENT_FOR = "replacement_for"
    SERVICE_PLAN_FOR = "service_plan_for"
    ACCESSORIES = "accessories"
    SPARE_PARTS = "spare_parts"
    REPLACED_BY = "replaced_by"
    SERVICE_PLANS = "service_plans"


SEVERAL: Final = frozenset({Field.TITLE, Field.DESCRIPTION, Field.CATEGORY, Field.IMAGE, Field.PUBLISHED})
"""Fields that may be made of several columns, in order."""
RELATIONS: Final = frozenset(list(Field)[list(Field).index(Field.ACCESSORY_OF) :])

NAMES: Final[dict[Field, str]] = {
    Field.ID: "id|item id|product id|sku|variant sku|article number|article no|article id|item number|item no|"
    "item code|"
    "product code|product number|part number|asin|uniq id|unique id|handle|artikelnummer|artikel nr|artikelnr|art nr|"
    "artnr|artikel id|produktnummer|produkt id|bestellnummer|référence|reference|ref|réf|code article|id produit|"
    "referencia|código|codigo|id producto|codice|codice articolo|id prodotto|artikelcode|productcode|productnummer|"
    "numer|kod produktu|indeks|código do produto|id do produto|artikelnummer|model id|movie id|song id|book id|isbn|"
    "ean|gtin|upc|barcode|variant barcode|mpn",
    Field.TITLE: "title|name|product name|product title|item name|item title|product|label|headline|display name|"
    "titel|bezeichnung|produktname|produktbezeichnung|artikelname|artikelbezeichnung|artikel|produkt|nom|"
    "nom du produit|titre|désignation|libellé|nombre|nombre del producto|título|titulo|producto|nome|"
    "nome prodotto|nome articolo|titolo|prodotto|naam|productnaam|nazwa|nazwa produktu|nome do produto|namn|"
    "produktnamn|benämning|navn|movie title|book title",
    Field.DESCRIPTION: "description|long description|product description|body|body html|body (html)|content|details|"
    "text|summary|short description|about|about product|overview|html description|beschreibung|produktbeschreibung|"
    "artikelbeschreibung|kurzbeschreibung|langtext|kurztext|langbeschreibung|descriptif|description du produit|"
    "descripción|descripcion|detalles|descrizione|descrizione prodotto|omschrijving|beschrijving|"
    "productomschrijving|opis|opis produktu|descrição|descricao|beskrivning|beskrivelse|feature bullets|features",
    Field.CATEGORY: "category|categories|product category|category path|category name|category tree|main category|"
    "subcategory|sub category|google product category|product type|type|department|section|kategorie|kategorien|"
    "produktkategorie|warengruppe|produktgruppe|artikelgruppe|hauptkategorie|unterkategorie|rubrik|catégorie|"
    "catégories|sous catégorie|rayon|categoría|categoria|categorías|subcategoría|categorie|sottocategoria|reparto|"
    "hoofdcategorie|subcategorie|kategoria|kategorie produktu|kategori|varugrupp|collection|taxonomy|breadcrumb|"
    "breadcrumbs|genre|genres|group name|product group",
    Field.PRICE: "price|unit price|selling price|current price|retail price|final price|price gross|gross price|"
    "variant price|list price|regular price|price amount|price value|amount|preis|verkaufspreis|bruttopreis|"
    "preis brutto|einzelpreis|vk|vk preis|vk brutto|endpreis|prix|prix ttc|prix de vente|prix unitaire|precio|"
    "precio de venta|pvp|prezzo|prezzo di vendita|prijs|verkoopprijs|cena|cena brutto|preço|preco|pris|msrp|rrp|uvp|"
    "cost|actual price|regularprice",
    Field.SALE_PRICE: "sale price|special price|discounted price|discount price|offer price|promo price|deal price|"
    "reduced price|angebotspreis|aktionspreis|sonderpreis|prix promo|prix soldé|precio oferta|prezzo scontato|"
    "actieprijs|cena promocyjna|saleprice",
    Field.CURRENCY: "currency|currency code|price currency|währung|waehrung|devise|moneda|valuta|waluta|moeda|"
    "iso currency",
    Field.STOCK: "stock|quantity|qty|inventory|inventory quantity|variant inventory qty|stock quantity|stock level|"
    "stock count|stock qty|on hand|in stock quantity|available quantity|units in stock|bestand|lagerbestand|menge|"
    "lager|anzahl|verfügbare menge|quantité|quantité en stock|cantidad|existencias|quantità|giacenza|scorte|voorraad|"
    "aantal|stan|stan magazynowy|ilość|estoque|quantidade|antal|lagersaldo|beholdning|units|pieces",
    Field.AVAILABILITY: "availability|in stock|in stock?|is in stock|instock|stock status|stock availability|"
    "available|is available|sellable|sellable online|buyable|orderable|verfügbar|verfügbarkeit|lieferbar|"
    "lieferstatus|lagerstatus|disponibilité|disponible|disponibilidad|disponibilità|disponibile|beschikbaarheid|"
    "beschikbaar|dostępność|dostępny|disponibilidade|tillgänglighet",
    Field.PUBLISHED: "published|is published|visible|is visible|active|is active|enabled|is enabled|online|aktiv|"
    "sichtbar|veröffentlicht|actif|publié|activo|publicado|attivo|actief|aktywny|ativo",
    Field.GROUP: "item group id|parent|parent id|parent sku|product group id|group id|variant group|handle",
    Field.IMAGE: "image|image url|image link|image src|images|images src|main image|primary image|picture|"
    "picture url|photo|"
    "photo url|thumbnail|thumbnail url|img|img url|imurl|base image|featured image|product image|variant image|"
    "bild|bild url|bildlink|bilder|produktbild|image principale|imagen|url imagen|imágenes|immagine|immagini|"
    "afbeelding|"
    "foto|zdjęcie|obraz|imagem|bildadress|large image|medium image|additional image link",
    Field.URL: "url|link|product url|product link|page url|web address|permalink|canonical url|href|deeplink|deep link|"
    "produktlink|produkt url|lien|url produit|enlace|url producto|url prodotto|weblink|website",
    Field.ACCESSORY_OF: "accessory of|accessory for|accessory to|zubehör für|accessoire pour|accesorio de|"
    "accesorio para|"
    "compatible with|compatible products|fits|fits models|suitable for|passend für|passend zu|kompatibel mit",
    Field.SPARE_PART_OF: "spare part of|spare part for|part of|part for|ersatzteil für|ersatzteil von|"
    "pièce détachée pour|repuesto de",
    Field.REPLACEMENT_FOR: "replacement for|replaces|replacement of|successor of|successor to|supersedes|ersetzt|"
    "nachfolger von|remplace|sustituye a|reemplaza a|sostituisce|vervangt|zastępuje",
    Field.SERVICE_PLAN_FOR: "service plan for|warranty for|plan for|guarantee for|protects|garantie für|"
    "garantie pour|garantía para",
    Field.ACCESSORIES: "accessories|accessory ids|accessory skus|zubehör|accessoires|accesorios|accessori|akcesoria",
    Field.SPARE_PARTS: "spare parts|parts|spare part ids|ersatzteile|pièces détachées|repuestos|ricambi|onderdelen",
    Field.REPLACED_BY: "replaced by|successor|superseded by|replacement|nachfolger|ersetzt durch|remplacé par|"
    "sustituido por|vervangen door",
    Field.SERVICE_PLANS: "service plans|warranties|warranty plans|protection plans|garantien|garanties|garantías",
}  # fmt: skip

INTERNAL: Final = re.compile(
    r"\b(cost per item|cost price|cost of goods|cogs|purchase price|buying price|wholesale|landed cost|"
    r"unit cost|margin|"
    r"markup|profit|supplier|vendor id|vendor code|lieferant\w*|einkaufspreis|ek|ek preis|ek netto|marge|gewinn|"
    r"prix d ?achat|fournisseur|precio de compra|proveedor|coste|costo|fornitore|inkoopprijs|leverancier|"
    r"internal|intern|interne|private|confidential|secret|admin|staff|password|warehouse|bin location|shelf location|"
    r"lagerplatz|lagerort|tax class|tax code|tax status|steuerklasse|taxable|purchase note|notes? to (?:self|staff)|"
    r"reorder|min(?:imum)? stock|mindestbestand|fulfillment service|inventory policy|inventory tracker|"
    r"meta (?:title|keywords|description)|seo (?:title|description|keywords)|customer name|customer e ?mail|"
    r"email|phone)\b"
)
"""What a shop keeps to itself, or writes for search engines: never shown to customers unless mapped by hand."""
TECHNICAL: Final = re.compile(
    r"^(unnamed \d+|index|row|row (?:number|id|no)|x1|nr|no|#|created|created (?:at|on)|updated|updated (?:at|"
    r"on)|modified|"
    r"date (?:created|added|modified|updated)|last (?:modified|updated)|modified (?:at|on)|timestamp|crawl timestamp|"
    r"scraped at|is featured\??|visibility in catalog|position|sort order|menu order|image position|template suffix|"
    r"option set|gift card|upsells|"
    r"cross sells|"
    r"related(?: products)?(?: ids?)?|erstellt(?: am)?|geändert(?: am)?)$"
)

_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")


def plain_name(name: str) -> str:
    """A column's name for comparing: lower case, words apart, no accents ("productName_DE" is "product name de")."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    words = _ACCENTS.sub("", unicodedata.normalize("NFKD", words.lower().replace("ß", "ss")))
    words = re.sub(r"[_\-./:\[\]{}]+", " ", words)
    return " ".join(words.split())


_KNOWN: Final[dict[str, list[tuple[Field, int]]]] = {}
for _field, _names in NAMES.items():
    for _place, _name in enumerate(_names.split("|")):
        _KNOWN.setdefault(plain_name(_name), []).append((_field, _place))
_MONEY_WORDS: Final = frozenset(code.lower() for code in CODES) | {
    "cents", "cent", "pence", "minor", "euro", "euros", "dollar", "dollars", "in", "incl", "inkl", "vat", "mwst", "tax",
}  # fmt: skip
_UNITS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LANGUAGE: Final = re.compile(r"^(.+) (?:[a-z]{2}|[a-z]{2} [a-z]{2}|en us|english|deutsch)$")


def meanings(name: str) -> dict[Field, float]:
    """How well a column's name fits each field, 0 to 1; fields that it does not fit are absent.

    A known name fits wholly, earlier names of a field a little better; a known name among other words fits in part.
    """
    plain = plain_name(_UNITS.sub(" ", name)) or plain_name(name)
    shapes = [(plain, 1.0)]
    without = " ".join(word for word in plain.split() if word not in _MONEY_WORDS)
    if without != plain:
        shapes += [(without, 0.0)]
    if "." in name:
        # The last part of a nested name says the most: "offers.price".
        shapes += [(plain_name(name.rsplit(".", 1)[-1]), 0.85), (plain_name(name.rsplit(".", 1)[0]), 0.5)]
    if (short := _LANGUAGE.match(plain)) is not None:
        shapes.append((short.group(1), 0.92))
    for prefix in ("product ", "item ", "article ", "variant ", "g ", "p "):
        if plain.startswith(prefix):
            shapes.append((plain.removeprefix(prefix), 0.9))
    found: dict[Field, float] = {}
    for shape, worth in shapes:
        for field, place in _KNOWN.get(shape, ()):
            if shape == without and field in (Field.PRICE, Field.SALE_PRICE):
                worth = max(worth, 0.95)
            found[field] = max(found.get(field, 0.0), worth * (1 - 0.004 * place))
    if not found:
        words = plain.split()
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                for field, place in _KNOWN.get(" ".join(words[start : start + size]), ()):
                    last = start + size == len(words)
                    found.setdefault(field, (0.62 if last else 0.5) * (1 - 0.004 * place) * size / len(words) ** 0.5)
            if found:
                break
    return found
