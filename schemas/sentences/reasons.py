"""Reasons that stand inside sentences as parameters and have words in every language.

What is not listed, such as the text of a library, is told as it came.
"""

from typing import Final

from schemas.sentences.base import N_

REASONS: Final = frozenset(
    {
        # The operating system (errno) and its resolver
        N_("Connection refused"),
        N_("Connection reset by peer"),
        N_("Is a directory"),
        N_("Name or service not known"),
        N_("Network is unreachable"),
        N_("No address associated with hostname"),
        N_("No route to host"),
        N_("No such file or directory"),
        N_("Permission denied"),
        N_("Temporary failure in name resolution"),
        N_("connection closed"),
        N_("it is not UTF-8 text"),
        N_("no answer from the name server"),
        N_("no route"),
        # SNMP: reports of version 3 (RFC 3414) and error status (RFC 3416)
        N_("an error status"),
        N_("it demands another security level"),
        N_("it does not know this user"),
        N_("the clock of its engine jumps"),
        N_("the engine ID has changed"),
        N_("unknown user, wrong password or wrong level"),
        N_("wrong authentication password or protocol"),
        N_("wrong privacy password or protocol"),
        # LDAP: results (RFC 4511) and the reasons of Active Directory
        N_("it demands a stronger way of signing in"),
        N_("it demands encryption although TLS stands"),
        N_("it does not accept the form of the base or bind name"),
        N_("it does not know paging, without which completeness cannot be proved"),
        N_("it does not know this way of signing in"),
        N_("it gave no reason that is known here"),
        N_("it is busy; try again later"),
        N_("it is unavailable; try again later"),
        N_("it is unwilling to do this, perhaps by its policy"),
        N_("it refers to another server; ask that server, references are never followed"),
        N_("it stopped at an administrative limit; choose a smaller page size"),
        N_("it stopped at its size limit; raise it for the bind account or allow paging"),
        N_("it stopped at its time limit; raise it for the bind account or use a smaller base"),
        N_("name or password is wrong"),
        N_("name or password is wrong, or the account is locked"),
        N_("the account has expired"),
        N_("the account is disabled"),
        N_("the account is locked out"),
        N_("the account may not sign in at this hour"),
        N_("the account may not sign in from here"),
        N_("the base does not exist there, or the bind account may not see it"),
        N_("the bind account does not exist"),
        N_("the bind account lacks the right to read here"),
        N_("the bind account may not sign in with a password"),
        N_("the password has expired"),
        N_("the password must be changed first"),
        # LDAP: answers that are none
        N_("a message cannot be decoded"),
        N_("a message has a length that is not allowed"),
        N_("an answer begins with wrong octets"),
        N_("an entry ends too early or too late"),
        N_("an entry holds a length that is not allowed"),
        N_("an entry is longer than its message"),
        N_("it answered a question that was not asked"),
        N_("it sent an entry although none was asked for"),
        N_("it shows neither objectGUID nor entryUUID; let the bind account read one of them."),
    }
)
