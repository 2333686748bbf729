"""What the house says back: frozen values, one for each reply.

Made by `smsgate.handlers`; turned into one segment of the member's language by
`commands.replies.render`. Amounts are minor units, times aware UTC datetimes, names and
references as the ledger has them; rendering cuts and folds them. Every class here has a
template in each catalogue (a test holds that) and fits one segment at worst case. A
topic is one module; what it gives to the rest stands in its own `__all__`.
"""

from commands.reply.account import *
from commands.reply.alarm import *
from commands.reply.asking import *
from commands.reply.bare import *
from commands.reply.guarding import *
from commands.reply.leaving import *
from commands.reply.market import *
from commands.reply.menu import *
from commands.reply.payment import *
from commands.reply.people import *
from commands.reply.pin import *
from commands.reply.safety import *
from commands.reply.session import *
from commands.reply.staff import *
from commands.reply.till import *
from commands.reply.understanding import *
from commands.reply.voice import *
