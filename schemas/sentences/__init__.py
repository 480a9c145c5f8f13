"""Everything discovery can say, by the code under which it is stored and sent."""

from collections.abc import Mapping
from typing import Final

from schemas.sentences.base import Sentence
from schemas.sentences.ldap import LdapSentence
from schemas.sentences.ldif import LdifSentence
from schemas.sentences.run import RunSentence
from schemas.sentences.secrets import SecretSentence
from schemas.sentences.snmp import SnmpSentence

SENTENCES: Final[Mapping[str, Sentence]] = {
    one.value: one
    for kind in (RunSentence, SecretSentence, SnmpSentence, LdapSentence, LdifSentence)
    for one in kind
}
