"""The far side: every way to reach a phone.

Texts come in here from modems and aggregators and go out again; nothing in this
package knows money, commands or a database. Start with `modem.link`, the port that
every driver fulfils; what is received goes on in `smsgate.gateway`.
"""
