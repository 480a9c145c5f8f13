"""The wire contracts and the vocabulary that both sides of every wire share."""
