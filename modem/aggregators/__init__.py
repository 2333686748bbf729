"""HTTP aggregators, and phones that act as one: what each says on the wire.

What comes in: texts to send, answers and webhooks, as bytes. What goes out: requests
as bytes, outcomes, texts and delivery reports. Everything here is a pure function of
its input, so that a fixture in the vendor's documented bytes is its whole test;
`modem.http` does the talking. `wire` has the port, `signatures` the checks of webhooks,
`dialect` the declarative driver that presets and configurations fill, and one file a
vendor what a preset cannot say.
"""
