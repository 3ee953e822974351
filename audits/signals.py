"""What other rooms hear from this one."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction of every move: sender=Audit, audit=Audit, move=Move, event=AuditEvent.
audit_moved = Signal()
# Sent inside the transaction when a further revision is issued without a move, after an upheld
# appeal: sender=Result, audit=Audit, result=Result.
result_issued = Signal()
# Sent inside the transaction when what became of a result changes without a move (suspended,
# reinstated, withdrawn, superseded, expired): sender=Result, result=Result.
result_changed = Signal()
# Sent when a page with all findings of an audit is shown to a brand's person: sender=Audit,
# audit=Audit, reader=User, brand=Organisation.
findings_shown = Signal()
# Sent inside the transaction when the site's representative has signed what was found:
# sender=ClosingMeeting, closing=ClosingMeeting.
closing_signed = Signal()
