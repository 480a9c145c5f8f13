"""What happens without anybody waiting: discovery is carried out, old things are forgotten.

A carrier claims leased assignments, runs them and submits what they show. The rows in `cmdb.plans`
are the truth; a carrier that dies loses nothing but its lease.
"""
