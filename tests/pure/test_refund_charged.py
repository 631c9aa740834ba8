"""What a buyer was charged, by component: exactly what he paid (semantics C3, B2)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channeld.domain.order import Amounts
from channeld.domain.refund.charged import COMPONENTS, TAX_OF, charged_for
from channeld.domain.tax import TaxPolicy, line_money

US = TaxPolicy(style="added")
UK = TaxPolicy(style="included", tax_rate="20")


@pytest.mark.parametrize(
    ("amounts", "policy", "charged"),
    [
        (
            Amounts(item=3000, shipping=500, tax=600, tax_item=600),
            US,
            {"Principal": 3000, "Shipping": 500, "Tax": 600},
        ),
        (
            Amounts(item=2000, shipping=500, tax=206, tax_item=165, tax_shipping=41),
            US,
            {"Principal": 2000, "Shipping": 500, "Tax": 165, "ShippingTax": 41},
        ),
        (
            Amounts(
                item=1000, gift_wrap=200, cod_fee=100, other=50, tax=90, tax_gift_wrap=20, tax_cod_fee=10
            ),
            US,
            {
                "Principal": 1000,
                "GiftWrap": 200,
                "COD": 100,
                "Other": 50,
                "Tax": 60,
                "GiftWrapTax": 20,
                "CODTax": 10,
            },
        ),
        (Amounts(item=1200, shipping=300, tax=250), UK, {"Principal": 1200, "Shipping": 300}),
        (
            Amounts(item=1000, shipping=250, tax=250, tax_item=200, tax_shipping=50, total=1500),
            UK,
            {"Principal": 1200, "Shipping": 300},
        ),
        (Amounts(item=8997, shipping=1000, tax=400, total=10397), UK, {"Principal": 9397, "Shipping": 1000}),
        (Amounts(item=1099, tax=100, total=1099), UK, {"Principal": 1099}),
        (
            Amounts(item=1500, shipping=500, discount=700, discount_shipping=500),
            UK,
            {"Principal": 1300},
        ),
        (
            Amounts(
                item=2000,
                shipping=500,
                discount=500,
                discount_shipping=500,
                tax=165,
                tax_item=165,
                tax_shipping=41,
                tax_discount=41,
            ),
            US,
            {"Principal": 2000, "Tax": 165},
        ),
        (Amounts(item=500, shipping=400, discount=600), UK, {"Shipping": 300}),
        (Amounts(item=500, discount=600), UK, {}),
        (Amounts(), US, {}),
    ],
)
def test_charges_by_component(amounts: Amounts, policy: TaxPolicy, charged: dict[str, int]) -> None:
    assert charged_for(amounts, policy) == charged


SUMS = st.integers(0, 10**6)
LESS = st.integers(0, 1000)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Amounts,
        item=st.integers(1000, 10**6),
        shipping=SUMS,
        gift_wrap=SUMS,
        cod_fee=SUMS,
        other=SUMS,
        discount=LESS,
        discount_shipping=LESS,
        tax=SUMS,
        tax_item=SUMS,
        tax_shipping=SUMS,
        tax_gift_wrap=SUMS,
        tax_cod_fee=SUMS,
        tax_discount=LESS,
        total=st.none() | SUMS,
    ),
    st.sampled_from((US, UK)),
)
def test_components_are_exactly_what_was_paid(amounts: Amounts, policy: TaxPolicy) -> None:
    charged = charged_for(amounts, policy)
    assert sum(charged.values()) == line_money(amounts, facilitator=False, policy=policy).paid
    assert set(charged) <= set(COMPONENTS)
    assert all(minor > 0 for minor in charged.values())
    if policy.style == "included":
        assert not set(charged) & set(TAX_OF.values())
