"""Mail: written to an outbox in the transaction of what it announces, and sent from there by the job worker.

It knows no sensors and no persons: who posts a mail gives the receiver and the values of a template. A message is never
lost, and at most one is sent twice, with the same Message-ID. Sources: RFC 5321 (SMTP), 5322 (messages), 6531
(addresses with letters outside ASCII), 3834 (automatic messages).
"""
