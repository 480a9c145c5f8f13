"""What the course of a run, its targets and its sections can say."""

from schemas.sentences.base import N_, Sentence


class RunSentence(Sentence):
    """Said of targets and runs, whatever the protocol."""

    # Targets and addresses
    NO_RANGE = "target.no-range", N_("'{entry}' is not an address or a CIDR range.")
    NO_TARGET = "target.malformed", N_("'{entry}' is not an address, a CIDR range or a host name.")
    RANGE_TOO_LARGE = (
        "target.range-too-large",
        N_("The range {entry} has {count} addresses; at most {limit} are looked at. Divide it."),
    )
    LEFT_OUT = (
        "target.left-out",
        N_("One assignment looks at {limit} addresses at most; {target} was left out."),
    )
    ALL_EXCLUDED = "target.excluded", N_("{target} is excluded as a whole.")
    ADDRESS_EXCLUDED = (
        "target.address-excluded",
        N_("{target} has the address {address}, which the plan excludes."),
    )
    UNRESOLVED = "target.unresolved", N_("The host name '{host}' cannot be resolved: {reason}.")
    NO_ADDRESS = "target.no-address", N_("The host name '{host}' has no address.")

    # The course of a run
    TOO_LATE = "run.deadline", N_("The deadline of the assignment came first.")
    CANCELLED = "run.cancelled", N_("The run was cancelled.")
    CRAWL_FULL = (
        "run.crawl-full",
        N_("Neighbours that were not looked at: {count}. The plan follows at most {limit}."),
    )
    NOT_LOOKED_AT = "run.not-looked-at", N_("Addresses that were not looked at: {count}.")
    COLLECTOR_FAILED = (
        "run.collector-failed",
        N_("The collector failed at this target: {error}."),
    )
    ASSIGNMENT_FAILED = "run.assignment-failed", N_("The collector failed: {error}.")
    OPTIONS_WRONG = "run.options-wrong", N_("The options of the plan are wrong: {reason}")
    NOT_TAKEN_IN = "run.not-taken-in", N_("What was seen could not be taken in: {reason}")
    WORKER_LATE = "run.worker-late", N_("The worker did not finish in time.")
    NOT_SEEN = (
        "run.not-seen",
        N_("Seen before, but not in the last {count} complete runs."),
    )
    GONE_FOR_SURE = "run.gone", N_("Not seen in this run; a person says that it is gone.")
    HELD = (
        "run.held",
        N_(
            "{vanished} of {known} known devices or accounts did not show up at once. "
            "Nothing was marked as missing: check the network, the credentials and the targets."
        ),
    )
    TOO_MANY_ROWS = (
        "section.too-many-rows",
        N_("{count} rows were sent; at most {limit} are accepted."),
    )
    SECTION_UNREADABLE = "section.unreadable", N_("The section cannot be read: {reason}")
