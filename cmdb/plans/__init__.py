"""Discovery plans of partners, their runs, the leased assignments of a run and each target's fate.

Rows decide what is due; whoever carries the work only claims leases. What was seen is in `intake`.
"""
