"""Audiences: who a campaign is for.

What comes in: a rule that staff wrote, or a list of phones from a spreadsheet. What
goes out: people, in an order that can be taken up again, each once. `rules` reads what
was written, `facts` asks the ledger, `saved` keeps audiences by name, `people` chooses
for `smsgate.campaigns.freezing`; spreadsheets are read by
`smsgate.operations.campaigning.audiences`.
"""
