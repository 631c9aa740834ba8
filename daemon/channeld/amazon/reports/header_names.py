"""What columns are called, by language, and where they stand (Amazon's reference, section 7).

Amazon names columns in the language of the marketplace, or of whoever asked for the same report shortly
before; the names here are those that have been met. One name can stand for several columns: the first that
fits is taken, but for `LAST_COUNTS`.
"""

from collections.abc import Mapping

__all__ = ["LAST_COUNTS", "LAYOUT", "LISTING_NAMES", "ORDER_NAMES"]

LISTING_NAMES: Mapping[str, tuple[str, ...]] = {
    "seller-sku": (
        "seller-sku",
        "sku",
        "Händler-SKU",
        "Haendler-SKU",
        "Verkäufer-SKU",
        "sku-vendeur",
        "SKU venditore",
        "SKU del vendedor",
        "出品者SKU",
        "出品者 SKU",
        "卖家 SKU",
    ),
    "asin1": ("asin1", "asin", "ASIN 1"),
    "listing-id": ("listing-id", "Angebotsnummer", "出品ID"),
    "item-name": (
        "item-name",
        "product-name",
        "Artikelbezeichnung",
        "nom-produit",
        "Nome dell'articolo",
        "Título del producto",
        "商品名",
        "商品名称",
    ),
    "item-description": ("item-description", "Artikelbeschreibung", "商品描述"),
    "price": ("price", "Preis", "prix", "Prezzo", "Precio", "価格", "价格"),
    "quantity": ("quantity", "Menge", "Anzahl", "quantité", "Quantità", "Cantidad", "数量"),
    "open-date": (
        "open-date",
        "Erstellungsdatum",
        "date-ouverture",
        "Data di creazione",
        "Fecha de creación",
        "出品日",
        "开售日期",
    ),
    "image-url": ("image-url",),
    "product-id-type": (
        "product-id-type",
        "Produkt-ID-Typ",
        "type-id-produit",
        "Tipo di identificativo del prodotto",
        "Tipo de identificador de producto",
        "商品IDタイプ",
        "商品编码类型",
    ),
    "item-condition": (
        "item-condition",
        "Artikelzustand",
        "état-produit",
        "Condizione dell'articolo",
        "Estado del producto",
        "コンディション",
        "商品状况",
    ),
    "product-id": (
        "product-id",
        "Produkt-ID",
        "id-produit",
        "Identificativo del prodotto",
        "Identificador del producto",
        "商品ID",
        "商品编码",
    ),
    "fulfillment-channel": (
        "fulfillment-channel",
        "fulfilment-channel",
        "Versender",
        "canal-traitement",
        "Canale di gestione",
        "Canal de gestión logística",
        "フルフィルメント・チャンネル",
        "フルフィルメントチャンネル",
        "配送渠道",
    ),
    "merchant-shipping-group": ("merchant-shipping-group", "卖家配送组"),
    "status": ("status", "état", "stato", "estado", "ステータス", "状态"),
}
"""Amazon's English name → whatever the column has been called."""

ORDER_NAMES: Mapping[str, tuple[str, ...]] = {
    "amazon-order-id": ("amazon-order-id", "order-id"),
    "last-updated-date": ("last-updated-date",),
    "purchase-date": ("purchase-date",),
    "order-status": ("order-status",),
    "sales-channel": ("sales-channel",),
    "fulfillment-channel": ("fulfillment-channel", "fulfilment-channel"),
}

LAST_COUNTS = frozenset(("商品编码",))
"""In Chinese the listing's and the product's id are called the same; the product's is the later one."""

LAYOUT: tuple[str, ...] = (
    "item-name",
    "item-description",
    "listing-id",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "image-url",
    "item-is-marketplace",
    "product-id-type",
    "zshop-shipping-fee",
    "item-note",
    "item-condition",
    "zshop-category1",
    "zshop-browse-path",
    "zshop-storefront-feature",
    "asin1",
    "asin2",
    "asin3",
    "will-ship-internationally",
    "expedited-shipping",
    "zshop-boldface",
    "product-id",
    "bid-for-featured-placement",
    "add-delete",
    "pending-quantity",
    "fulfillment-channel",
)
"""The first 27 columns of listing reports in every language: columns that went out of use kept their places.
What comes after them differs by marketplace and account."""
