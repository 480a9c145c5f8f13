"""Leaves out the corpus of recordings where it does not lie beside the project."""

from tests.discovery.recorded import CORPUS

collect_ignore = [] if CORPUS.is_dir() else ["test_corpus.py"]
