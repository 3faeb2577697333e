"""The normal form of a derivative: sums of contracted products, like terms collected."""
