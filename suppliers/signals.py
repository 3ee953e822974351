"""What other rooms hear from this one."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction of a grant: sender=SharingGrant, grant=SharingGrant, and in `replaced`
# the grant to the same brand that it ended, or None.
sharing_granted = Signal()
# Sent inside the transaction in which a grant is taken back: sender=SharingGrant, grant=SharingGrant.
sharing_revoked = Signal()
