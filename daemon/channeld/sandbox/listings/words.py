"""What invented listings are called. Several titles have letters that the charset of a report lacks."""

from channeld.sandbox.listings.listing import Issue

__all__ = ["COLOURS", "MISSING_BRAND", "MISSING_IMAGE", "SUFFIXES", "TITLES"]

TITLES = (
    "Stoneware mug, 350 ml",
    "Kühltasche für Picknick – 12 l",
    "Théière en fonte “Été”",
    'Frying pan 28" induction',
    "Łódź linen tea towel",
    "Çay bardağı, İnce Belli",
    "Ελληνικός δίσκος σερβιρίσματος",
    "Ночник для детской",
    "抹茶碗 ちゃわん 美濃焼",
    "Dřevěná stavebnice pro děti",
    "Storage box with lid (set of 3)",
    "Cuillère à café ½ – inox, œillet",
    "USB cable 2 m; braided, 60 W",
    "O'Reilly's Notebook A5, ruled",
    "Café crème cups ☕ gift set",
)
COLOURS = ("blue", "red", "grün", "noir", "white", "ąqua", "anthracite", "緑")
SUFFIXES = ("-S", "-XL", " BLUE", "/2", "-Ü", "_kit", ".1", "-a", "-A+B", "")
MISSING_IMAGE = Issue(
    "18155",
    "Your product detail page is missing a recommended image.",
    "WARNING",
    "MISSING_IMAGE",
    "other_product_image_locator_1",
)
MISSING_BRAND = Issue(
    "90220", "'Brand Name' is required but not supplied.", "ERROR", "MISSING_ATTRIBUTE", "brand"
)
