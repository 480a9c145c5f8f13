"""Directory accounts: counted for everybody who may, read only for a purpose, which is logged."""
