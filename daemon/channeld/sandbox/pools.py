"""Names, places and goods that the sandbox's buyers are made of. All invented."""

from typing import NamedTuple

__all__ = ["CARRIERS", "COMPANIES", "GIFT_MESSAGES", "GOODS", "PEOPLE", "PLACES", "Goods", "Place"]


class Place(NamedTuple):
    city: str
    region: str
    postal_code: str
    street: str
    phone: str


class Goods(NamedTuple):
    sku: str
    asin: str
    title: str
    price: int
    """Hundredths of the local currency; a hundred times as much where it has no decimals."""


PEOPLE = {
    "GB": ("Zoë Whitcombe", "Alan O'Dwyer", "Siân Llewellyn", "Priya Raman", "George Hart-Smythe"),
    "DE": ("Jörg Müßig", "Änne Großmann", "Kübra Şahin", "Uwe von der Heide", "Sören Weiß"),
    "FR": ("Éloïse Lefèvre", "Noël D'Arcourt", "Françoise Bœuf", "Loïc Le Guen", "Inès Benoît-Roche"),
    "US": ("José Núñez", "Mary-Ann Doolittle", "Tyrell Banks", "Linh Nguyễn", "Bob O'Malley Jr."),
    "CA": ("Geneviève Tremblay", "Wayne Kowalski", "Aputik Qumaq", "Chloé Gagné", "Ravi Dhaliwal"),
    "JP": ("山田 太郎", "佐藤 さくら", "髙橋 健一", "渡邉 美咲", "ジョン スミス"),
}
PLACES = {
    "GB": (
        Place("London", "", "SE16 7ZZ", "1 Fictional Wharf", "+44 1632 960001"),
        Place("Llanfairpwll", "Ynys Môn", "LL61 5ZZ", "Tŷ Newydd, Ffordd 2", "+44 1632 960002"),
    ),
    "DE": (
        Place("Köln", "", "50999", "Große Gaßchenstraße 12a", "+49 30 23125001"),
        Place("Görlitz", "Sachsen", "02826", "Am Brückl 3", "+49 30 23125002"),
    ),
    "FR": (
        Place("Orléans", "", "45999", "7 bis, rue de l'Éperon", "+33 1 99 00 00 01"),
        Place("Saint-Étienne", "", "42099", "Allée des Chênes, Bât. Ç", "+33 1 99 00 00 02"),
    ),
    "US": (
        Place("Springfield", "OR", "97999-0001", "742 Nowhere Ter Apt 3", "+1 206-555-0101"),
        Place("San José", "CA", "95999", "1 Example Blvd # 400", "+1 206-555-0102"),
    ),
    "CA": (
        Place("Montréal", "QC", "H0H 0H0", "12, rue de l'Exemple", "+1 514-555-0103"),
        Place("Moose Jaw", "SK", "S0S 0S0", "34 Sample Rd", "+1 306-555-0104"),
    ),
    "JP": (
        Place("渋谷区", "東京都", "150-9999", "架空1丁目2-3 見本マンション405", "03-0000-0001"),
        Place("札幌市", "北海道", "060-9999", "例示町4-5", "011-000-0002"),
    ),
}
COMPANIES = ("Acorn & Sons Ltd", "Bäckerei Süß GmbH", "Atelier Ünique SARL", "Widgets, Inc.", "株式会社見本")
GOODS = (
    Goods("MUG-BLUE", "B0SB000001", "Stoneware mug, blue", 1299),
    Goods("MUG-RED", "B0SB000002", "Stoneware mug, red", 1299),
    Goods("LAMP/DESK 01", "B0SB000003", "Desk lamp – warm white, 5 W", 3450),
    Goods("CABLE-2M", "B0SB000004", "USB cable, 2 m", 99),
    Goods("NOTEBOOK-A5", "B0SB000005", "Notebook A5, ruled, “Été” edition", 749),
    Goods("PAN-28", "B0SB000006", "Frying pan 28 cm", 4999),
    Goods("TEA-ASSAM-1KG", "B0SB000007", "Assam tea 1 kg", 1895),
    Goods("KUEHLBOX-ß", "B0SB000008", "Kühlbox 24 l", 8990),
    Goods("PUZZLE-1000", "B0SB000009", "Puzzle, 1000 pieces", 1650),
    Goods("SOFA-3", "B0SB000010", "Sofa, three seats", 119900),
)
GIFT_MESSAGES = ("Happy birthday! ❤", "Alles Gute, Oma", "À très bientôt\nTa sœur", "With love from us both")
CARRIERS = {
    "GB": "Royal Mail",
    "DE": "DHL",
    "FR": "Colissimo",
    "US": "USPS",
    "CA": "Canada Post",
    "JP": "YAMATO",
}
