"""Campaigns: who is written to, when, at what pace, and what came of it.

What comes in: a plan that staff wrote, an audience, an approval, the time. What goes
out: rows of the outbox, class campaign, a few at a time, and figures. Every recipient
is a row with a state of its own, so that a crash, a pause or a restore can neither
leave somebody out nor write to anybody twice; progress is a count, never a cursor. An
opt-out is enforced by the database, whoever queues a text.

`plan` holds what is to be sent, `rows` the states and the way of a campaign through
them, `freezing` writes the audience down, `feeding` queues what may go now, `hours` and
`forecast` say when, `wording` fills the texts, `audience` chooses people, `results`
counts. Staff come here through `smsgate.operations.campaigning.campaigns`.
"""
