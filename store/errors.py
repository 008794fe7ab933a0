"""The store's errors.

StoreError
├── NotFound              no row with this id
├── StoreBusy             another writer holds the database; try again
├── StoreUnavailable      the database cannot be opened or is not up to date
├── AlreadyExists         an id or an e-mail address is taken (code conflict: found by the database)
├── EscalationStateError  the hand-over is not in a state that allows this step
│   └── AlreadyClaimed    another agent was faster
├── OrderStateError       the order, return or plan does not allow this step
├── AuditRefused          the audit entry cannot be written, so nothing else happens
└── MediaError            the media folder cannot be used
"""


class StoreError(Exception):
    """Base of every error of this room."""

    code = "store"
    retryable = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class NotFound(StoreError):  # noqa: N818 - reads as a sentence where it is caught
    """No row with this id."""

    code = "not_found"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key!r} does not exist; expected the id of a stored {kind}.")
        self.kind = kind
        self.key = key


class StoreBusy(StoreError):  # noqa: N818
    """Another writer holds the database; nothing was written, and the same call may succeed now."""

    code = "busy"
    retryable = True


class StoreUnavailable(StoreError):  # noqa: N818
    """The database cannot be opened, or its schema is missing."""

    code = "store_unavailable"
    retryable = True


class AlreadyExists(StoreError):  # noqa: N818
    """An id or an e-mail address is taken."""

    code = "already_exists"


class EscalationStateError(StoreError):
    """The hand-over is not in a state that allows this step."""

    code = "escalation_state"


class AlreadyClaimed(EscalationStateError):  # noqa: N818
    """Another agent was faster."""

    code = "already_claimed"

    def __init__(self, escalation_id: str, claimed_by: str | None) -> None:
        super().__init__(f"escalation {escalation_id} is with {claimed_by}; expected one that still waits.")
        self.claimed_by = claimed_by


class OrderStateError(StoreError):
    """The order, return or plan does not allow this step.

    code: not_found, already_cancelled, already_packed, already_shipped, already_delivered, not_delivered,
    unknown_item, already_returned, plan_cancelled.
    """

    code = "order_state"


class MediaError(StoreError):
    """The media folder cannot be used."""

    code = "media"


class AuditRefused(StoreError):  # noqa: N818
    """The audit entry of an access or an act cannot be written, so nothing is shown or changed.

    code: audit_head, audit_reading, head_missing, head_mode, head_unusable, head_invalid, or <field>_invalid.
    """

    code = "audit"
