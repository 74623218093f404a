"""What runs along the tokens below the text: tracks on one axis."""
