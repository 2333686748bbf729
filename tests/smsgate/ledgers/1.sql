-- The ledger of one network: SQLite 3.40 or newer, one writer (smsgate/store/).
--
-- Money is INTEGER minor units, times are milliseconds since 1970 (UTC), phones E.164.
-- A table's comment names its one writer. The rules of money stand here and not in the
-- program: whatever opens this file is bound by them. The name of a CHECK, or the
-- message of a RAISE, is the reason that a member is told.

PRAGMA application_id = 0x534D5347;   -- 'SMSG'
PRAGMA user_version = 1;

-- ---------------------------------------------------------------- store

-- One row. `batch` tells after a COMMIT that raised whether it took effect;
-- `newest_ms` is the newest row time, which never goes back. Writer: smsgate/store/.
CREATE TABLE house (
  one          INTEGER PRIMARY KEY CHECK (one = 1),
  instance     TEXT    NOT NULL,                       -- drawn at init and for each copy
  batch        INTEGER NOT NULL DEFAULT 0,
  newest_ms    INTEGER NOT NULL DEFAULT 0,
  review       INTEGER NOT NULL DEFAULT 0 CHECK (review IN (0, 1, 2)),  -- 1: a copy; 2: it was put back, no money moves
  resumed_ms   INTEGER NOT NULL DEFAULT 0,             -- the end of a review: what was sent before it is late
  run          INTEGER NOT NULL DEFAULT 0              -- counts the starts of the daemon
) STRICT;
INSERT INTO house (one, instance) VALUES (1, lower(hex(randomblob(8))));

-- ---------------------------------------------------------------- ledger

-- Head of the one chain that transfers and events share. Writer: the triggers below.
CREATE TABLE chain (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  seq   INTEGER NOT NULL,
  hash  BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO chain VALUES (1, 0, zeroblob(32));
CREATE TRIGGER chain_single BEFORE INSERT ON chain BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER chain_kept BEFORE DELETE ON chain BEGIN SELECT RAISE(ABORT, 'immutable'); END;

-- Who can hold units. Writer: smsgate/ledger/; balances by the triggers only.
-- One that is stopped pays nothing and is still paid; frozen is neither.
CREATE TABLE account (
  id           INTEGER PRIMARY KEY,
  kind         TEXT    NOT NULL CHECK (kind IN ('member', 'opening', 'treasury')),
  balance      INTEGER NOT NULL DEFAULT 0,
  held         INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),    -- going out, reserved by open holds
  credit_limit INTEGER NOT NULL DEFAULT 0 CHECK (credit_limit BETWEEN 0 AND 1000000000000),
  ceiling      INTEGER CHECK (ceiling BETWEEN 0 AND 1000000000000),  -- NULL: none
  state        TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'stopped', 'frozen', 'closed')),
  seq          INTEGER NOT NULL DEFAULT 0,                      -- number of entries
  created_ms   INTEGER NOT NULL,
  -- The system account `opening` alone has no floor and no ceiling.
  CONSTRAINT insufficient CHECK (kind = 'opening' OR balance - held >= -credit_limit),
  CONSTRAINT over_ceiling CHECK (ceiling IS NULL OR balance <= ceiling),
  CONSTRAINT closed_not_zero CHECK (state <> 'closed' OR (balance = 0 AND held = 0))
) STRICT;
CREATE UNIQUE INDEX account_system ON account (kind) WHERE kind <> 'member';  -- one of each

-- Every movement of units, for ever. Its id is its place in the chain. Writer: smsgate/ledger/.
CREATE TABLE transfer (
  id        INTEGER PRIMARY KEY,
  ref       TEXT    NOT NULL UNIQUE CHECK (length(ref) = 10 AND ref NOT GLOB '*[^0-9]*'),
  kind      TEXT    NOT NULL CHECK (kind IN ('pay', 'fee', 'opening', 'reverse', 'adjust')),
  debit     INTEGER NOT NULL REFERENCES account (id),
  credit    INTEGER NOT NULL REFERENCES account (id),
  amount    INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000),
  of        INTEGER REFERENCES transfer (id),    -- the payment that a fee belongs to
  reverses  INTEGER REFERENCES transfer (id),
  hold      INTEGER UNIQUE REFERENCES hold (id), -- a hold is posted at most once
  memo      TEXT    NOT NULL DEFAULT '' CHECK (length(memo) <= 160),
  at_ms     INTEGER NOT NULL,
  hash      BLOB    NOT NULL CHECK (length(hash) = 32),
  CONSTRAINT self_payment CHECK (debit <> credit),
  CHECK ((kind = 'fee') = (of IS NOT NULL)),
  CHECK ((kind = 'reverse') = (reverses IS NOT NULL))
) STRICT;
CREATE INDEX transfer_debit ON transfer (debit, at_ms);    -- what was paid today, and to whom
CREATE INDEX transfer_of ON transfer (of) WHERE of IS NOT NULL;
CREATE INDEX transfer_reverses ON transfer (reverses) WHERE reverses IS NOT NULL;

-- Two a transfer: the statement of each account, gap-free. Writer: the triggers below.
CREATE TABLE entry (
  account   INTEGER NOT NULL REFERENCES account (id),
  seq       INTEGER NOT NULL,
  transfer  INTEGER NOT NULL REFERENCES transfer (id),
  amount    INTEGER NOT NULL CHECK (amount <> 0),
  balance   INTEGER NOT NULL,                     -- after this entry
  PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

-- Units reserved on the debit account until posted, voided or expired. Writer: smsgate/ledger/.
CREATE TABLE hold (
  id         INTEGER PRIMARY KEY,
  debit      INTEGER NOT NULL REFERENCES account (id),
  credit     INTEGER REFERENCES account (id),      -- NULL: whoever brings its voucher
  amount     INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000),
  at_expiry  TEXT    NOT NULL DEFAULT 'void' CHECK (at_expiry IN ('void', 'post')),
  expires_ms INTEGER NOT NULL,
  state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'posted', 'voided', 'expired')),
  memo       TEXT    NOT NULL DEFAULT '' CHECK (length(memo) <= 160),   -- of the transfer that posts it
  CHECK (debit <> credit)
) STRICT;
CREATE INDEX hold_due ON hold (expires_ms) WHERE state = 'open';
CREATE INDEX hold_open ON hold (debit) WHERE state = 'open';       -- what `held` sums up

-- Paper that is worth a hold; of its number only a MAC. Writer: smsgate/ledger/.
CREATE TABLE voucher (
  hold       INTEGER PRIMARY KEY REFERENCES hold (id),
  mac        BLOB    NOT NULL UNIQUE,
  issued_ms  INTEGER NOT NULL
) STRICT;

-- What changed beside the money: limits, freezes, PIN resets, clock. Same chain. Writer: smsgate/ledger/.
CREATE TABLE event (
  id       INTEGER PRIMARY KEY,
  kind     TEXT    NOT NULL,
  account  INTEGER REFERENCES account (id),
  actor    TEXT    NOT NULL,            -- who did it: 'member', 'uid:1000', 'daemon', …
  detail   TEXT    NOT NULL,            -- JSON, sorted keys; never a secret
  at_ms    INTEGER NOT NULL,
  hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX event_account ON event (account, id);

CREATE TRIGGER account_starts_empty BEFORE INSERT ON account
WHEN NEW.balance <> 0 OR NEW.held <> 0 OR NEW.seq <> 0
  OR EXISTS (SELECT 1 FROM account WHERE id = NEW.id)
  OR (NEW.kind <> 'member' AND EXISTS (SELECT 1 FROM account WHERE kind = NEW.kind))
BEGIN SELECT RAISE(ABORT, 'account_starts_empty'); END;

CREATE TRIGGER account_fixed BEFORE UPDATE OF id, kind, created_ms ON account
BEGIN SELECT RAISE(ABORT, 'immutable'); END;

-- A balance moves only while its transfer is the next of the chain: in transfer_apply.
CREATE TRIGGER account_moves BEFORE UPDATE OF balance, seq ON account
WHEN NOT EXISTS (
  SELECT 1 FROM chain JOIN transfer t ON t.id = chain.seq + 1 WHERE NEW.seq = OLD.seq + 1
    AND ((t.debit = OLD.id AND NEW.balance = OLD.balance - t.amount)
      OR (t.credit = OLD.id AND NEW.balance = OLD.balance + t.amount)))
BEGIN SELECT RAISE(ABORT, 'only_by_transfer'); END;

CREATE TRIGGER account_holds BEFORE UPDATE OF held ON account
WHEN NEW.held <> (SELECT coalesce(sum(amount), 0) FROM hold WHERE debit = OLD.id AND state = 'open')
BEGIN SELECT RAISE(ABORT, 'only_by_hold'); END;

CREATE TRIGGER account_kept BEFORE DELETE ON account
BEGIN SELECT RAISE(ABORT, 'immutable'); END;

CREATE TRIGGER transfer_guard BEFORE INSERT ON transfer BEGIN
  -- Also stops INSERT OR REPLACE, which deletes without firing DELETE triggers.
  SELECT RAISE(ABORT, 'out_of_sequence') WHERE NEW.id IS NOT (SELECT seq + 1 FROM chain WHERE one = 1);
  SELECT RAISE(ABORT, 'duplicate_ref') WHERE EXISTS (SELECT 1 FROM transfer WHERE ref = NEW.ref);
  SELECT RAISE(ABORT, 'no_account')
    WHERE (SELECT count(*) FROM account WHERE id IN (NEW.debit, NEW.credit)) <> 2;
  SELECT RAISE(ABORT, 'payer_not_active')
    WHERE NEW.kind IN ('pay', 'fee') AND NEW.hold IS NULL
      AND (SELECT state FROM account WHERE id = NEW.debit) <> 'active';
  SELECT RAISE(ABORT, 'payee_not_active')
    WHERE NEW.kind IN ('pay', 'fee')
      AND (SELECT state FROM account WHERE id = NEW.credit) NOT IN ('active', 'stopped');
  SELECT RAISE(ABORT, 'bad_fee') WHERE NEW.kind = 'fee'
    AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = NEW.of AND t.kind = 'pay');
  -- Reversed in full or in parts, to the other side, never beyond the amount.
  SELECT RAISE(ABORT, 'bad_reversal') WHERE NEW.kind = 'reverse' AND NOT EXISTS (
    SELECT 1 FROM transfer t WHERE t.id = NEW.reverses AND t.kind IN ('pay', 'fee')
      AND t.debit = NEW.credit AND t.credit = NEW.debit
      AND NEW.amount + (SELECT coalesce(sum(r.amount), 0) FROM transfer r WHERE r.reverses = t.id) <= t.amount);
  SELECT RAISE(ABORT, 'bad_post') WHERE NEW.hold IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM hold h WHERE h.id = NEW.hold AND h.state = 'open'
      AND h.debit = NEW.debit AND coalesce(h.credit, NEW.credit) = NEW.credit
      AND h.amount >= NEW.amount);
END;

CREATE TRIGGER transfer_apply AFTER INSERT ON transfer BEGIN
  UPDATE hold SET state = 'posted' WHERE id = NEW.hold;
  UPDATE account SET balance = balance - NEW.amount, seq = seq + 1 WHERE id = NEW.debit;
  UPDATE account SET balance = balance + NEW.amount, seq = seq + 1 WHERE id = NEW.credit;
  INSERT INTO entry SELECT id, seq, NEW.id, -NEW.amount, balance FROM account WHERE id = NEW.debit;
  INSERT INTO entry SELECT id, seq, NEW.id, NEW.amount, balance FROM account WHERE id = NEW.credit;
  UPDATE chain SET seq = NEW.id, hash = NEW.hash WHERE one = 1;
END;

CREATE TRIGGER chain_moves BEFORE UPDATE ON chain
WHEN NEW.one <> OLD.one OR NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
  SELECT 1 FROM transfer WHERE id = NEW.seq AND hash = NEW.hash
  UNION ALL SELECT 1 FROM event WHERE id = NEW.seq AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'out_of_sequence'); END;

CREATE TRIGGER event_guard BEFORE INSERT ON event
WHEN NEW.id IS NOT (SELECT seq + 1 FROM chain WHERE one = 1)
BEGIN SELECT RAISE(ABORT, 'out_of_sequence'); END;

CREATE TRIGGER event_apply AFTER INSERT ON event
BEGIN UPDATE chain SET seq = NEW.id, hash = NEW.hash WHERE one = 1; END;

CREATE TRIGGER hold_guard BEFORE INSERT ON hold
WHEN NEW.state <> 'open' OR EXISTS (SELECT 1 FROM hold WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER hold_reserve AFTER INSERT ON hold BEGIN
  SELECT RAISE(ABORT, 'payer_not_active')
    WHERE (SELECT state FROM account WHERE id = NEW.debit) <> 'active';
  UPDATE account SET held = held + NEW.amount WHERE id = NEW.debit;
END;
CREATE TRIGGER hold_release AFTER UPDATE OF state ON hold
BEGIN UPDATE account SET held = held - OLD.amount WHERE id = OLD.debit; END;
CREATE TRIGGER hold_closes_once BEFORE UPDATE ON hold
WHEN OLD.state <> 'open' OR NEW.state = 'open' OR NEW.id <> OLD.id OR NEW.debit <> OLD.debit
  OR NEW.credit IS NOT OLD.credit OR NEW.amount <> OLD.amount OR NEW.expires_ms <> OLD.expires_ms
  OR NEW.at_expiry <> OLD.at_expiry OR NEW.memo <> OLD.memo
  OR (NEW.state = 'posted') <> EXISTS (SELECT 1 FROM transfer WHERE hold = OLD.id)
BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER hold_kept BEFORE DELETE ON hold BEGIN SELECT RAISE(ABORT, 'immutable'); END;

CREATE TRIGGER transfer_fixed BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER transfer_kept BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER entry_guard BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE account = NEW.account AND seq = NEW.seq)
  OR NEW.transfer IS NOT (SELECT seq + 1 FROM chain WHERE one = 1)
  OR NOT EXISTS (SELECT 1 FROM transfer WHERE id = NEW.transfer)
BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER entry_fixed BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER entry_kept BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER event_fixed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'immutable'); END;
CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'immutable'); END;

-- ---------------------------------------------------------------- members

-- A person or business. Money and state stand in `account`. Writer: smsgate/members/.
CREATE TABLE member (
  account     INTEGER PRIMARY KEY REFERENCES account (id),
  code        TEXT    NOT NULL UNIQUE CHECK (length(code) = 5),
  name        TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  kind        TEXT    NOT NULL CHECK (kind IN ('business', 'consumer')),
  alias       TEXT    UNIQUE,                       -- folded to A-Z0-9
  alias_look  TEXT    UNIQUE,                       -- with 0/O and 1/I/L made one
  alias_ms    INTEGER NOT NULL DEFAULT 0,           -- when they chose it themselves; 0: never
  language    TEXT    NOT NULL CHECK (language IN ('es', 'en')),
  word        TEXT    NOT NULL DEFAULT '',          -- opens genuine receipts; '': the network's name
  area        TEXT    NOT NULL DEFAULT '',
  category    TEXT    NOT NULL DEFAULT '',
  email       TEXT    NOT NULL DEFAULT '',
  joined      TEXT    NOT NULL DEFAULT '',          -- ISO date
  promos      INTEGER NOT NULL DEFAULT 0 CHECK (promos IN (0, 1)),
  hidden      INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),  -- no balance in receipts
  low_from_ms INTEGER NOT NULL DEFAULT 0,           -- pays little for a while from then on; 0: never
  notices     INTEGER NOT NULL DEFAULT 1 CHECK (notices IN (0, 1)),  -- told of matches and reminders
  listed      TEXT    NOT NULL DEFAULT 'masked' CHECK (listed IN ('phone', 'masked', 'no')),  -- in the market
  created_ms  INTEGER NOT NULL
) STRICT;

-- Phones that speak for a member. Writer: smsgate/members/.
CREATE TABLE phone (
  msisdn   TEXT    PRIMARY KEY CHECK (msisdn GLOB '+[0-9]*'),
  account  INTEGER NOT NULL REFERENCES member (account),
  role     TEXT    NOT NULL DEFAULT 'own' CHECK (role IN ('own', 'till')),
  heard_ms INTEGER NOT NULL DEFAULT 0               -- last text of an own one, to the day
) STRICT;
CREATE INDEX phone_account ON phone (account);

-- Phones that receive for a member and cannot spend; a code is never given again. Writer: smsgate/members/.
CREATE TABLE till (
  code       TEXT    PRIMARY KEY CHECK (length(code) = 5),
  account    INTEGER NOT NULL REFERENCES member (account),
  name       TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 12),
  msisdn     TEXT    NOT NULL,
  state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
  opened_ms  INTEGER NOT NULL,
  closed_ms  INTEGER                                -- NULL: open
) STRICT;
CREATE UNIQUE INDEX till_phone ON till (msisdn) WHERE state = 'open';
CREATE INDEX till_account ON till (account, msisdn);

-- Which till a payment was made to; a payment to the member's own code has no row. Writer: smsgate/members/.
CREATE TABLE till_sale (
  transfer  INTEGER PRIMARY KEY REFERENCES transfer (id),
  till      TEXT    NOT NULL REFERENCES till (code)
) STRICT;
-- Who may help a member that lost phone or PIN. Writer: smsgate/members/.
CREATE TABLE guardian (
  account   INTEGER NOT NULL REFERENCES member (account),
  guardian  INTEGER NOT NULL REFERENCES member (account),
  at_ms     INTEGER NOT NULL,
  PRIMARY KEY (account, guardian),
  CHECK (account <> guardian)
) STRICT, WITHOUT ROWID;

-- ROBO said from phones that are not the member's own. Writer: smsgate/members/.
CREATE TABLE stop (
  id        INTEGER PRIMARY KEY,
  account   INTEGER NOT NULL REFERENCES member (account),
  msisdn    TEXT    NOT NULL,                        -- the phone that said it
  at_ms     INTEGER NOT NULL,
  lift_ms   INTEGER,                                 -- the member answered: payments go on then
  ended_ms  INTEGER                                  -- NULL: it holds
) STRICT;
CREATE INDEX stop_account ON stop (account, at_ms);
CREATE INDEX stop_phone ON stop (msisdn, at_ms);
CREATE INDEX stop_due ON stop (lift_ms) WHERE ended_ms IS NULL;

-- Phones of no member that one has invited, so that none is written to again within a
-- month. Writer: smsgate/members/.
CREATE TABLE invite (
  msisdn   TEXT    PRIMARY KEY CHECK (msisdn GLOB '+[0-9]*'),
  account  INTEGER NOT NULL REFERENCES member (account),   -- who invited them
  at_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX invite_account ON invite (account, at_ms);

-- The PIN's verifier and its tries, one row a member that has, had or is given one. Writer: smsgate/members/.
CREATE TABLE pin (
  account        INTEGER PRIMARY KEY REFERENCES member (account),
  version        INTEGER NOT NULL DEFAULT 0,         -- moves with every change of verifier
  scheme         TEXT,                               -- 'argon2id:m=4096,t=1,p=1'; NULL: no PIN
  salt           BLOB,
  verifier       BLOB,
  fails          INTEGER NOT NULL DEFAULT 0,         -- in a row, over trusted links
  locked_ms      INTEGER NOT NULL DEFAULT 0,         -- locked until; -1: until seen in person
  loose_fails    INTEGER NOT NULL DEFAULT 0,         -- the same over links whose sender is easily forged
  loose_locked_ms INTEGER NOT NULL DEFAULT 0,
  next_scheme    TEXT,                               -- after a reset: holds from next_ms on
  next_salt      BLOB,
  next_verifier  BLOB,
  next_ms        INTEGER,
  next_held      INTEGER NOT NULL DEFAULT 0 CHECK (next_held IN (0, 1)),  -- until a guardian agrees
  code_salt      BLOB,                               -- one-time code for the next PIN
  code_verifier  BLOB,
  code_ms        INTEGER,                            -- until when
  code_tries     INTEGER NOT NULL DEFAULT 0          -- left
) STRICT;
CREATE INDEX pin_next ON pin (next_ms) WHERE next_ms IS NOT NULL;   -- the next to hold

-- Verifiers of earlier PINs, so that one is not used again soon. Writer: smsgate/members/.
CREATE TABLE pin_past (
  account   INTEGER NOT NULL REFERENCES member (account),
  version   INTEGER NOT NULL,
  scheme    TEXT    NOT NULL,
  salt      BLOB    NOT NULL,
  verifier  BLOB    NOT NULL,
  PRIMARY KEY (account, version)
) STRICT, WITHOUT ROWID;

-- Code cards; the codes follow from the key file and this id. Writer: smsgate/members/.
CREATE TABLE card (
  id         INTEGER PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES member (account),
  state      TEXT    NOT NULL CHECK (state IN ('asked', 'active', 'void')),
  asked_ms   INTEGER,                               -- NULL: staff made it unasked
  issued_ms  INTEGER                                -- NULL: not made yet
) STRICT;
CREATE UNIQUE INDEX card_active ON card (account) WHERE state = 'active';      -- one at a time
CREATE UNIQUE INDEX card_asked ON card (account) WHERE state = 'asked';

-- Positions of a card whose code was sent in a text, and is known to whoever read it. Writer: smsgate/members/.
CREATE TABLE card_use (
  card      INTEGER NOT NULL REFERENCES card (id),
  position  INTEGER NOT NULL CHECK (position BETWEEN 1 AND 30),
  at_ms     INTEGER NOT NULL,
  PRIMARY KEY (card, position)
) STRICT, WITHOUT ROWID;
-- ---------------------------------------------------------------- staff

-- Who decides beside the shell, each with a phone and a PIN. Writer: smsgate/members/.
CREATE TABLE staff (
  account  INTEGER PRIMARY KEY REFERENCES member (account),
  name     TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  role     TEXT    NOT NULL CHECK (length(role) BETWEEN 1 AND 12),
  state    TEXT    NOT NULL CHECK (state IN ('asked', 'active', 'refused', 'ended')),
  at_ms    INTEGER NOT NULL                         -- of the state
) STRICT;

-- What one person asked for and another must agree to. Writer: smsgate/members/.
CREATE TABLE approval (
  id          INTEGER PRIMARY KEY,
  kind        TEXT    NOT NULL CHECK (kind IN
                ('staff', 'limit', 'reverse', 'reset', 'lift', 'campaign')),
  account     INTEGER NOT NULL REFERENCES account (id),      -- whom it concerns
  detail      TEXT    NOT NULL,                              -- JSON: what is to be done
  asked_by    TEXT    NOT NULL,                              -- 'uid:1000 as marta'
  state       TEXT    NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'done', 'refused', 'failed', 'expired')),
  opened_ms   INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  closed_ms   INTEGER,
  closed_by   INTEGER REFERENCES staff (account)
) STRICT;
CREATE INDEX approval_due ON approval (expires_ms) WHERE state = 'open';

-- What waits for staff: newcomers, disputes, requests, calls. Writer: smsgate/members/.
CREATE TABLE matter (
  id         INTEGER PRIMARY KEY,
  queue      TEXT    NOT NULL CHECK (queue IN ('join', 'ticket', 'callback')),
  topic      TEXT    NOT NULL DEFAULT '',           -- of a ticket: 'dispute', 'credit', …
  phone      TEXT    NOT NULL,
  account    INTEGER REFERENCES member (account),   -- NULL: no member yet
  transfer   INTEGER REFERENCES transfer (id),      -- what is disputed
  words      TEXT    NOT NULL DEFAULT '',           -- redacted
  state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'closed')),
  at_ms      INTEGER NOT NULL,
  closed_ms  INTEGER,
  closed_by  TEXT    NOT NULL DEFAULT '',
  note       TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX matter_open ON matter (queue, id) WHERE state = 'open';
CREATE INDEX matter_phone ON matter (phone, queue) WHERE state = 'open';

-- ---------------------------------------------------------------- messages

-- Every text that arrived, once, redacted. Writer: smsgate/messages/.
CREATE TABLE inbox (
  id          INTEGER PRIMARY KEY,
  key         BLOB    NOT NULL UNIQUE CHECK (length(key) = 16),  -- HMAC: the same text again
  text_mac    BLOB    NOT NULL,                    -- HMAC of sender and normal form
  link        TEXT    NOT NULL,
  sender      TEXT    NOT NULL,
  account     INTEGER REFERENCES member (account),
  sent_ms     INTEGER,                             -- NULL: the link does not say
  at_ms       INTEGER NOT NULL,
  command     TEXT    NOT NULL DEFAULT '',         -- the keyword it was read as
  outcome     TEXT    NOT NULL,                    -- the reply's name, or 'kept'
  state       TEXT    NOT NULL CHECK (state IN ('answered', 'silent', 'dead')),
  body        TEXT    NOT NULL,                    -- redacted
  transfer    INTEGER REFERENCES transfer (id),
  error       TEXT    NOT NULL DEFAULT ''          -- of a dead one
) STRICT;
CREATE INDEX inbox_sender ON inbox (sender, at_ms);
CREATE INDEX inbox_body ON inbox (at_ms) WHERE body <> '';   -- bodies still to be emptied

-- What is owed to phones. Writer: smsgate/messages/.
--   queued -> sending -> sent -> delivered
--               |          |-> failed (by its report) -> delivered (by a later one)
--               |-> queued (retry: nothing was sent, or its link knows a repeated text by its id)
--               |-> failed (it will never be taken)
--               |-> unsure -> queued (once, receipts) | sent | delivered | failed (by a report)
--   queued -> expired | unsure (one that may have gone out)
--   queued -> withdrawn (its reader was told in a USSD session)
--   failed, expired, unsure -> queued (owed anew: its text was delivered again, or staff asked for it)
CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY,
  inbox       INTEGER REFERENCES inbox (id),       -- the text it answers; NULL: owed for another reason
  class       INTEGER NOT NULL CHECK (class IN (0, 1, 2)),  -- 0 receipt, 1 notice, 2 campaign
  name        TEXT    NOT NULL,                    -- the reply's name
  recipient   TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  link        TEXT    NOT NULL,                    -- the link it takes; '': the best one when it is due
  via         TEXT    NOT NULL DEFAULT '',         -- the link that took it last
  state       TEXT    NOT NULL CHECK (state IN
                ('queued', 'sending', 'sent', 'delivered', 'failed', 'expired', 'unsure',
                 'withdrawn')),
  tries       INTEGER NOT NULL DEFAULT 0,
  due_ms      INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  run         INTEGER NOT NULL DEFAULT 0,          -- the start of the daemon that is sending it
  again       INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1)),  -- owed once more after unsure
  anew        INTEGER NOT NULL DEFAULT 0,          -- how often it was owed anew on purpose: another send to a vendor that knows ids
  bound       INTEGER NOT NULL DEFAULT 0 CHECK (bound IN (0, 1)),  -- may be out over `link`, which knows it by its id
  parts       INTEGER NOT NULL DEFAULT 0,          -- of a long text that goes part by part; 0: whole
  tie         INTEGER NOT NULL DEFAULT 0,          -- what its parts have in common on the air; 0: none yet
  sent_ms     INTEGER NOT NULL DEFAULT 0,          -- when `via` was given it last
  settled_ms  INTEGER NOT NULL DEFAULT 0,          -- when the state last came from outside
  error       TEXT    NOT NULL DEFAULT '',
  at_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (link, class, due_ms) WHERE state = 'queued';     -- the next to send
CREATE INDEX outbox_expiry ON outbox (expires_ms) WHERE state = 'queued';           -- the next to give up
CREATE INDEX outbox_sending ON outbox (via, run) WHERE state = 'sending';           -- on its way, or cut off
CREATE INDEX outbox_unsure ON outbox (settled_ms)                                   -- may go once more
  WHERE state = 'unsure' AND class = 0 AND again = 0;
CREATE INDEX outbox_doubt ON outbox (via, sent_ms)             -- a report may name a send nobody answered
  WHERE state = 'unsure' OR again = 1 OR bound = 1;
CREATE INDEX outbox_inbox ON outbox (inbox);
CREATE INDEX outbox_recipient ON outbox (recipient, at_ms);    -- what a phone was told lately
CREATE INDEX outbox_body ON outbox (at_ms) WHERE body <> '';   -- bodies still to be emptied

-- The references that a link gave a sent text, one a segment; of a long text that goes part by
-- part, each part from before its first byte. Writer: smsgate/messages/.
CREATE TABLE segment (
  outbox     INTEGER NOT NULL REFERENCES outbox (id),
  place      INTEGER NOT NULL,
  link       TEXT    NOT NULL,
  reference  TEXT    NOT NULL,                     -- as the link named it (TP-MR, or a provider's id); '': not yet
  sent_ms    INTEGER NOT NULL,
  status     TEXT    NOT NULL DEFAULT 'trying' CHECK (status IN
               ('sending', 'unsure', 'trying', 'delivered', 'failed')),
  tries      INTEGER NOT NULL DEFAULT 1,           -- how often a part was begun
  PRIMARY KEY (outbox, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_reference ON segment (link, reference, sent_ms);

-- Delivery reports that met no sent text yet, for seven days. Writer: smsgate/messages/.
CREATE TABLE report (
  id         INTEGER PRIMARY KEY,
  link       TEXT    NOT NULL,
  reference  TEXT    NOT NULL,
  recipient  TEXT    NOT NULL,
  tail       TEXT    NOT NULL,                     -- last 8 digits of the recipient; '': not told
  status     TEXT    NOT NULL CHECK (status IN ('delivered', 'trying', 'failed')),
  code       TEXT    NOT NULL DEFAULT '',
  done_ms    INTEGER NOT NULL,                     -- as the network says
  at_ms      INTEGER NOT NULL                      -- when it arrived
) STRICT;
CREATE INDEX report_tail ON report (link, tail, at_ms);
CREATE INDEX report_at ON report (at_ms);

-- What segments cost, a row a local day, link and class. Writer: smsgate/messages/.
CREATE TABLE spent (
  day       TEXT    NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  link      TEXT    NOT NULL,
  class     INTEGER NOT NULL CHECK (class IN (0, 1, 2)),
  segments  INTEGER NOT NULL,
  cost      INTEGER NOT NULL,                      -- ten-thousandths of [sms] currency
  PRIMARY KEY (day, link, class)
) STRICT, WITHOUT ROWID;

-- Troubles that operators are told of, each once while it stands. Writer: smsgate/messages/.
CREATE TABLE alarm (
  key         TEXT    PRIMARY KEY,                 -- such as link.down:modem-a
  sentence    TEXT    NOT NULL,                    -- what to do, for a phone
  raised_ms   INTEGER NOT NULL,
  told_ms     INTEGER,                             -- when texts about it were owed; NULL: not yet
  cleared_ms  INTEGER                              -- NULL: it stands
) STRICT;
CREATE INDEX alarm_untold ON alarm (raised_ms, key) WHERE told_ms IS NULL;
CREATE INDEX alarm_standing ON alarm (raised_ms, key) WHERE cleared_ms IS NULL;
CREATE INDEX alarm_told ON alarm (told_ms);

-- Questions that wait for SI, NO or a PIN. Writer: smsgate/messages/.
CREATE TABLE question (
  id          INTEGER PRIMARY KEY,
  account     INTEGER NOT NULL REFERENCES member (account),   -- who must answer
  token       INTEGER NOT NULL CHECK (token BETWEEN 10 AND 99),
  kind        TEXT    NOT NULL CHECK (kind IN ('pay', 'repeat', 'late', 'pin_reset',
                'charge', 'charge_sent', 'reversal', 'cooling', 'card',
                'approve', 'invite', 'guardian', 'stop', 'lift', 'survey')),
  money       INTEGER NOT NULL CHECK (money IN (0, 1)),
  own         INTEGER NOT NULL CHECK (own IN (0, 1)),         -- opened by the member's own text
  link        TEXT    NOT NULL,
  sent_ms     INTEGER NOT NULL,                               -- of the text that opened it, or of asking
  opened_ms   INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL,
  state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused', 'expired', 'void')),
  detail      TEXT    NOT NULL,                               -- JSON: what was asked; never a secret
  closed_ms   INTEGER,                                        -- NULL: still open
  inbox       INTEGER REFERENCES inbox (id),                  -- the text that answered it
  choice      INTEGER CHECK (choice BETWEEN 1 AND 9),         -- the digit that answered a survey
  transfer    INTEGER REFERENCES transfer (id)
) STRICT;
CREATE UNIQUE INDEX question_token ON question (account, token) WHERE state = 'open';
CREATE INDEX question_account ON question (account, opened_ms);
CREATE INDEX question_due ON question (expires_ms) WHERE state = 'open';
CREATE INDEX question_kind ON question (account, kind) WHERE state = 'open';     -- requests of one's own
CREATE INDEX question_inbox ON question (inbox) WHERE inbox IS NOT NULL;

-- Parts of long texts that a vendor brought one by one, without their words, so that
-- each could be acknowledged. Writer: smsgate/messages/.
CREATE TABLE part (
  id         INTEGER PRIMARY KEY,
  key        BLOB    NOT NULL UNIQUE CHECK (length(key) = 16),  -- HMAC: the same part again
  link       TEXT    NOT NULL,
  sender     TEXT    NOT NULL,
  reference  TEXT    NOT NULL,         -- what the parts of one text have in common
  number     INTEGER NOT NULL,
  total      INTEGER NOT NULL,
  sent_ms    INTEGER,                  -- NULL: the link does not say
  run        INTEGER NOT NULL,         -- the start of the daemon whose memory holds its words
  inbox      INTEGER REFERENCES inbox (id),  -- the text it became; NULL: it waits
  at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX part_text ON part (link, sender, reference, total);
CREATE INDEX part_waiting ON part (link) WHERE inbox IS NULL;
CREATE INDEX part_inbox ON part (inbox) WHERE inbox IS NOT NULL;
CREATE INDEX part_at ON part (at_ms);

-- The MENU screen that a phone looks at. Writer: smsgate/messages/.
CREATE TABLE screen (
  phone      TEXT    PRIMARY KEY,
  name       TEXT    NOT NULL,
  link       TEXT    NOT NULL,
  sent_ms    INTEGER NOT NULL,         -- of the text that opened it
  opened_ms  INTEGER NOT NULL,
  wrong      INTEGER NOT NULL,         -- answers in a row that it could not use
  detail     TEXT    NOT NULL          -- JSON: what was answered so far; never a secret
) STRICT;

-- ---------------------------------------------------------------- sessions

-- A USSD session and the screen its phone looks at, for a day. Writer: smsgate/messages/.
CREATE TABLE ussd_session (
  link     TEXT    NOT NULL,
  session  TEXT    NOT NULL,           -- as the aggregator names it
  phone    TEXT    NOT NULL,
  code     TEXT    NOT NULL,           -- the service code that was dialled
  page     TEXT    NOT NULL,
  detail   TEXT    NOT NULL,           -- JSON: what was answered so far; never a PIN
  wrong    INTEGER NOT NULL,           -- answers in a row that the screen could not use
  state    TEXT    NOT NULL CHECK (state IN ('open', 'over')),
  at_ms    INTEGER NOT NULL,           -- of the last step
  PRIMARY KEY (link, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX ussd_session_phone ON ussd_session (phone, at_ms);
CREATE INDEX ussd_session_at ON ussd_session (at_ms);

-- The screen that each step was answered with, for the step that comes twice. Writer: smsgate/messages/.
CREATE TABLE ussd_step (
  key      BLOB    PRIMARY KEY CHECK (length(key) = 16),  -- HMAC of link, session and all input
  screen   TEXT    NOT NULL,
  ends     INTEGER NOT NULL CHECK (ends IN (0, 1)),
  at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ussd_step_at ON ussd_step (at_ms);

-- What a session has told and what its phone gets by SMS unless it is known to have seen it. Writer: smsgate/messages/.
CREATE TABLE ussd_receipt (
  link     TEXT    NOT NULL,
  session  TEXT    NOT NULL,
  outbox   INTEGER NOT NULL,
  PRIMARY KEY (link, session, outbox),
  FOREIGN KEY (link, session) REFERENCES ussd_session (link, session)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- noise

-- Noise from receive memories, bodies sealed, for seven days. Writer: smsgate/messages/.
CREATE TABLE quarantine (
  id      INTEGER PRIMARY KEY,
  mac     BLOB    NOT NULL UNIQUE,     -- HMAC: the same noise again
  link    TEXT    NOT NULL,
  reason  TEXT    NOT NULL,
  length  INTEGER NOT NULL,            -- of the body, in octets
  head    BLOB    NOT NULL,            -- up to the user data, in clear
  sealed  BLOB    NOT NULL,            -- the body, encrypted
  at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_at ON quarantine (at_ms);

-- ---------------------------------------------------------------- market

-- What members offer and need; kept 90 days after it closed. Writer: smsgate/market/.
CREATE TABLE ad (
  id          INTEGER PRIMARY KEY,                 -- the number that members write
  account     INTEGER NOT NULL REFERENCES member (account),
  kind        TEXT    NOT NULL CHECK (kind IN ('offer', 'need')),
  text        TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 100),  -- redacted
  subject     TEXT    NOT NULL,                    -- its words folded, in order: the same ad again
  price       INTEGER CHECK (price BETWEEN 1 AND 1000000000000),  -- NULL: not said
  state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dropped', 'expired')),
  opened_ms   INTEGER NOT NULL,
  closes_ms   INTEGER NOT NULL,
  due_ms      INTEGER NOT NULL,                    -- its reminder; once that was told, closes_ms
  closed_ms   INTEGER                              -- NULL: still open
) STRICT;
CREATE INDEX ad_account ON ad (account, kind, subject);
CREATE INDEX ad_due ON ad (due_ms) WHERE state = 'open';
CREATE INDEX ad_closed ON ad (closed_ms) WHERE state <> 'open';

-- The folded words of open ads, by which they are found. Writer: smsgate/market/.
CREATE TABLE ad_word (
  word   TEXT    NOT NULL,
  ad     INTEGER NOT NULL REFERENCES ad (id),
  first  INTEGER NOT NULL CHECK (first IN (0, 1)),  -- the thing itself: the ad's first word
  PRIMARY KEY (word, ad)
) STRICT, WITHOUT ROWID;
CREATE INDEX ad_word_ad ON ad_word (ad);

-- An offer and a need that meet, as one of the two members is told. Writer: smsgate/market/.
CREATE TABLE meeting (
  id       INTEGER PRIMARY KEY,
  account  INTEGER NOT NULL REFERENCES member (account),  -- who is told
  own      INTEGER NOT NULL REFERENCES ad (id),           -- that member's ad
  other    INTEGER NOT NULL REFERENCES ad (id),
  due_ms   INTEGER NOT NULL,
  told_ms  INTEGER,                                       -- NULL: waits
  UNIQUE (own, other)
) STRICT;
CREATE INDEX meeting_due ON meeting (due_ms) WHERE told_ms IS NULL;
CREATE INDEX meeting_account ON meeting (account, told_ms);
CREATE INDEX meeting_other ON meeting (other);

-- ---------------------------------------------------------------- campaigns

-- A saved choice of people: a rule over what is known of members, or a list. Writer: smsgate/campaigns/.
CREATE TABLE audience (
  id          INTEGER PRIMARY KEY,
  name        TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 40),
  rule        TEXT    NOT NULL,                    -- as staff wrote it; '': a list
  created_by  TEXT    NOT NULL,
  created_ms  INTEGER NOT NULL
) STRICT;

-- The phones of a list, with what its file says of each. Writer: smsgate/campaigns/.
CREATE TABLE audience_phone (
  audience  INTEGER NOT NULL REFERENCES audience (id),
  msisdn    TEXT    NOT NULL CHECK (msisdn GLOB '+[0-9]*'),
  fields    TEXT    NOT NULL DEFAULT '{}',         -- JSON: column to text
  PRIMARY KEY (audience, msisdn)
) STRICT, WITHOUT ROWID;

-- Phones of no member that want no promotions; a member's stands in `member`. Writer: smsgate/members/.
CREATE TABLE opt_out (
  msisdn  TEXT    PRIMARY KEY CHECK (msisdn GLOB '+[0-9]*'),
  how     TEXT    NOT NULL,                        -- 'text', 'provider', 'staff'
  at_ms   INTEGER NOT NULL
) STRICT;

-- What is promoted, to whom, when. Writer: smsgate/campaigns/.
--   draft -> freezing -> review -> approved -> scheduled -> running <-> paused -> finished
--   any but finished -> cancelled; an edit leads back to draft
CREATE TABLE campaign (
  id           INTEGER PRIMARY KEY,
  name         TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 40),
  state        TEXT    NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'freezing', 'review',
                 'approved', 'scheduled', 'running', 'paused', 'finished', 'cancelled')),
  plan         TEXT    NOT NULL,                   -- JSON: smsgate/campaigns/plan.py
  word         TEXT    NOT NULL DEFAULT '',        -- what recipients may reply, folded; '': none
  code         TEXT    NOT NULL DEFAULT '',        -- what they may write behind POR, folded; '': none
  promoted     INTEGER REFERENCES member (account),           -- whose offer it is
  per_hour     INTEGER,                            -- texts; NULL: as the links allow
  starts_ms    INTEGER,                            -- of this round; NULL: not set
  not_after_ms INTEGER,                            -- nothing goes out later; NULL: for seven days
  every        TEXT    NOT NULL DEFAULT '',        -- 'daily', 'weekly mon,thu', 'monthly 1'; '': once
  next_ms      INTEGER,                            -- of the next round of a recurring one
  series       INTEGER REFERENCES campaign (id),   -- the recurring one that it is a round of
  why          TEXT    NOT NULL DEFAULT '',        -- it is paused or cancelled
  paced_ms     INTEGER NOT NULL DEFAULT 0,         -- the last text that per_hour let go
  spent        INTEGER NOT NULL DEFAULT 0,         -- on texts queued and sent, ten-thousandths of a currency
  instance     TEXT    NOT NULL DEFAULT '',        -- of the house that began it: another one waits
  people       INTEGER NOT NULL DEFAULT 0,         -- written down so far, or when it was frozen
  frozen_ms    INTEGER NOT NULL DEFAULT 0,         -- when the last of them was; 0: they are not complete
  author       TEXT    NOT NULL,
  approved_by  TEXT    NOT NULL DEFAULT '',
  created_ms   INTEGER NOT NULL,
  approved_ms  INTEGER NOT NULL DEFAULT 0,
  started_ms   INTEGER NOT NULL DEFAULT 0,
  ended_ms     INTEGER NOT NULL DEFAULT 0,
  swept        INTEGER NOT NULL DEFAULT 0 CHECK (swept IN (0, 1)),  -- it ended, and nobody waits in vain
  CONSTRAINT unapproved CHECK (state NOT IN ('approved', 'scheduled', 'running', 'paused', 'finished')
    OR approved_ms > 0)
) STRICT;
CREATE INDEX campaign_state ON campaign (state);
CREATE INDEX campaign_next ON campaign (next_ms) WHERE next_ms IS NOT NULL;
CREATE INDEX campaign_series ON campaign (series) WHERE series IS NOT NULL;
CREATE INDEX campaign_unswept ON campaign (swept, state);
CREATE INDEX campaign_answers ON campaign (word, id) WHERE word <> '' AND series IS NULL;
CREATE UNIQUE INDEX campaign_word ON campaign (word)
  WHERE word <> '' AND series IS NULL AND state NOT IN ('draft', 'finished', 'cancelled');

-- Everybody a campaign writes to, each with a state of its own, which follows the outbox by
-- the trigger below. Writer: smsgate/campaigns/.
--   waiting -> queued -> sending -> sent -> delivered, failed
--                  |        |-> failed, unsure (never written to again), queued (nothing was sent)
--                  |-> waiting (withdrawn, or not sent in time), skipped (opted out meanwhile)
--   waiting -> skipped (opted out, asked too often, ...), cancelled
CREATE TABLE recipient (
  campaign    INTEGER NOT NULL REFERENCES campaign (id),
  msisdn      TEXT    NOT NULL,
  account     INTEGER REFERENCES member (account), -- NULL: no member
  variant     TEXT    NOT NULL CHECK (variant IN ('a', 'b', 'none')),  -- none: held out, to compare with
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'queued', 'sending', 'sent', 'delivered',
                'failed', 'unsure', 'skipped', 'cancelled', 'held_out')),
  link        TEXT    NOT NULL DEFAULT '',         -- that its text takes; '': whichever can send
  fields      TEXT    NOT NULL DEFAULT '{}',       -- JSON: what the list said of them
  outbox      INTEGER REFERENCES outbox (id) ON DELETE SET NULL,
  segments    INTEGER NOT NULL DEFAULT 0,          -- of what was written
  cost        INTEGER NOT NULL DEFAULT 0,          -- of these, ten-thousandths of a currency
  why         TEXT    NOT NULL DEFAULT '',         -- it was skipped, or failed
  written_ms  INTEGER NOT NULL DEFAULT 0,          -- when a link was given the text
  replied_ms  INTEGER NOT NULL DEFAULT 0,          -- with the campaign's word
  left_ms     INTEGER NOT NULL DEFAULT 0,          -- opted out afterwards
  PRIMARY KEY (campaign, msisdn)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipient_next ON recipient (campaign, state, link, msisdn);   -- the next, and counts
CREATE INDEX recipient_outbox ON recipient (outbox) WHERE outbox IS NOT NULL;
CREATE INDEX recipient_written ON recipient (msisdn, written_ms) WHERE written_ms > 0;      -- how often

-- The one place where an opt-out holds, whoever queues a campaign text.
CREATE TRIGGER outbox_opted_out BEFORE INSERT ON outbox WHEN NEW.class = 2
BEGIN
  SELECT RAISE(ABORT, 'opted_out') WHERE EXISTS (SELECT 1 FROM opt_out WHERE msisdn = NEW.recipient)
    OR EXISTS (SELECT 1 FROM phone p JOIN member m ON m.account = p.account
      WHERE p.msisdn = NEW.recipient AND m.promos = 0);
END;
-- What waits for somebody who opts out is not sent either.
CREATE TRIGGER member_opts_out AFTER UPDATE OF promos ON member WHEN NEW.promos = 0
BEGIN
  UPDATE outbox SET state = 'expired', error = 'opted_out'
  WHERE class = 2 AND state = 'queued'
    AND recipient IN (SELECT msisdn FROM phone WHERE account = NEW.account);
END;
CREATE TRIGGER phone_opts_out AFTER INSERT ON opt_out
BEGIN
  UPDATE outbox SET state = 'expired', error = 'opted_out'
  WHERE class = 2 AND state = 'queued' AND recipient = NEW.msisdn;
END;
CREATE INDEX outbox_promotion ON outbox (recipient) WHERE class = 2 AND state = 'queued';

-- Better an advertisement never than twice: what is not on its way does not set out again.
CREATE TRIGGER outbox_promoted_once BEFORE UPDATE OF state ON outbox
WHEN OLD.class = 2 AND NEW.state IN ('queued', 'sending') AND OLD.state NOT IN ('queued', 'sending')
BEGIN SELECT RAISE(ABORT, 'written_already'); END;
CREATE TRIGGER recipient_once BEFORE UPDATE OF state, campaign, msisdn ON recipient
WHEN NEW.campaign <> OLD.campaign OR NEW.msisdn <> OLD.msisdn
  OR (NEW.state IN ('waiting', 'queued', 'sending') AND OLD.state NOT IN ('waiting', 'queued', 'sending'))
BEGIN SELECT RAISE(ABORT, 'written_already'); END;
CREATE TRIGGER recipient_kept BEFORE DELETE ON recipient WHEN OLD.state NOT IN ('waiting', 'held_out')
BEGIN SELECT RAISE(ABORT, 'written_already'); END;

-- A recipient's state is what became of the text. What was not sent sets out again only
-- while its campaign runs and its reader wants it.
CREATE TRIGGER recipient_follows AFTER UPDATE OF state ON outbox
WHEN NEW.class = 2 AND NEW.state <> OLD.state
BEGIN
  UPDATE campaign SET spent = spent - (SELECT cost FROM recipient WHERE outbox = NEW.id)
  WHERE NEW.state = 'expired' AND id = (SELECT campaign FROM recipient WHERE outbox = NEW.id);
  UPDATE recipient SET
    state = CASE WHEN NEW.state <> 'expired' THEN NEW.state
                 WHEN NEW.error = 'opted_out' THEN 'skipped' ELSE 'waiting' END,
    outbox = CASE NEW.state WHEN 'expired' THEN NULL ELSE outbox END,
    why = CASE WHEN NEW.state = 'expired' AND NEW.error <> 'opted_out' THEN '' ELSE NEW.error END,
    written_ms = CASE NEW.state WHEN 'sending' THEN NEW.sent_ms
                                WHEN 'queued' THEN 0 WHEN 'expired' THEN 0 ELSE written_ms END
  WHERE outbox = NEW.id;
  UPDATE outbox SET state = 'expired', error = 'opted_out' WHERE id = NEW.id AND NEW.state = 'queued'
    AND (EXISTS (SELECT 1 FROM opt_out WHERE msisdn = NEW.recipient)
      OR EXISTS (SELECT 1 FROM phone p JOIN member m ON m.account = p.account
        WHERE p.msisdn = NEW.recipient AND m.promos = 0));
  -- What may be out over a link that would have known it again is not written anew.
  UPDATE outbox SET state = CASE bound WHEN 1 THEN 'unsure' ELSE 'expired' END, bound = 0
  WHERE id = NEW.id AND state = 'queued'
    AND EXISTS (SELECT 1 FROM recipient r JOIN campaign c ON c.id = r.campaign
      WHERE r.outbox = NEW.id AND c.state <> 'running');
END;
