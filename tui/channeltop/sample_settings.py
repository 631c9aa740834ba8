"""Sample settings of a channel, for the picture of the monitor and for looking at it."""

from channel_protocol.channels import SettingRow

__all__ = ["SETTINGS"]


def _row(
    key: str, label: str, value: str, default: str, kind: str, allowed: str = "on, off", meaning: str = ""
) -> SettingRow:
    return SettingRow(
        key=key, label=label, value=value, default=default, kind=kind, allowed=allowed, meaning=meaning
    )


SETTINGS = (
    _row("enabled", "Enabled", "on", "off", "bool", meaning="Communication with Amazon."),
    _row("vcs_enabled", "VCS Enabled", "off", "off", "bool"),
    _row("use_channel_tax", "Use Channel Tax", "off", "off", "bool"),
    _row("tax_rate", "Tax rate", "20", "0", "decimal", "0 to 100 percent", "Splits prices that contain tax."),
    _row("ignore_facilitator_tax", "Ignore Facilitator Tax", "off", "off", "bool"),
    _row("despatch_notes", "Despatch notes", "on", "off", "bool"),
    _row("order_cancellations", "Order Cancellations", "on", "off", "bool"),
    _row("order_refunds", "Order Refunds", "off", "off", "bool"),
    _row(
        "not_disclosed_email", "Not Disclosed Default Email", "", "", "email", "an e-mail address, or empty"
    ),
    _row("order_look_back_days", "Order look-back", "7", "7", "int", "0 to 30 days"),
    _row("order_received_offset", "Order Received UTC offset", "1", "0", "decimal", "-14 to 14 hours"),
    _row("order_location", "Order download location", "Default", "Default", "location", "one of your own"),
    _row("update_inventory", "Update inventory", "on", "off", "bool"),
    _row(
        "inventory_locations",
        "Inventory location mapping",
        "Default, Leeds",
        "",
        "locations",
        "names of locations with commas between; empty sends nothing",
        "The locations whose stock is offered; each listing's stock is their sum.",
    ),
    _row("max_listed", "Max Listed", "25", "", "int", "a whole number of at least 1; empty for no limit"),
    _row("stock_percentage", "Stock Percentage", "", "", "decimal", "above 0 and up to 100, or empty"),
    _row("end_when", "End When", "2", "0", "int", "a whole number of at least 0"),
    _row("default_latency", "Default Latency", "", "", "int", "1 to 30 days, or empty"),
    _row("product_latency", "Product Based Latency", "on", "off", "bool"),
    _row("fba_enabled", "FBA Enabled", "on", "off", "bool"),
    _row("dry_run", "Dry run", "on", "off", "bool", meaning="All is computed and shown, nothing is sent."),
)
"""In the order of the specification."""
