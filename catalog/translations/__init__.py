"""The German message catalogue and the tool that keeps it complete.

The originals are English sentences in the source; only the translations are kept in git.
"""
