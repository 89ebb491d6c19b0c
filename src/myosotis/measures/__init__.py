"""The clinical catalogue: generic instruments and formulas here, diseases in packages of their own."""
