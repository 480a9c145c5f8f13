"""The desk where envelopes arrive: checked, refused or kept, each exactly once.

A subject is what one plan sees under one key; its raw documents are kept here so that judgement
can be repeated without a new look. What is made of them is decided in `reconcile`.
"""
