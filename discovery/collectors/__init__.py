"""One collector per protocol: a target goes in, documents and reports come out."""
