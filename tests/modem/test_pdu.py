"""What bytes from a modem mean: promises about `modem.pdu`, as tables."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from modem.errors import PduError, Rejected
from modem.link import ReportStatus
from modem.pdu import (
    AddressType,
    BadPdu,
    Concat,
    Deliver,
    NotText,
    StatusReport,
    content_key,
    decode,
    decode_submit,
    encode_deliver,
    encode_status_report,
    encode_submit,
    join,
)
from modem.pdu.fields import pack
from modem.text import to_septets

HOW_ARE_YOU = (
    "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
)
MMS_NOTICE = (
    "0891683108200545F6640C980156184501300004410122212084237B"
    "0605040B8423F04006246170706C69636174696F6E2F766E642E7761702E6D6D732D6D65737361676500"
    "B487AF848C8298564F78614251464B4F344643008D9083687474703A2F2F3232312E3133312E3132382E"
    "3132392F564F78614251464B4F344643008805810302CA0D8907803132333731008A808E02CD7E"
)
ZONE = timezone(timedelta(hours=-6))
NOON = datetime(2026, 11, 24, 12, 0, 0, tzinfo=ZONE)
SCTS = bytes.fromhex("6211422100004A")
NUMBER = "0B910573001032F4"


def received(pdu: str | bytes) -> Deliver:
    """Decode a PDU that must be a text."""
    message = decode(bytes.fromhex(pdu) if isinstance(pdu, str) else pdu)
    assert isinstance(message, Deliver)
    return message


def deliver(
    data: bytes,
    length: int,
    *,
    dcs: int = 0,
    udhi: bool = False,
    sender: str = NUMBER,
    scts: bytes = SCTS,
    smsc: str = "00",
) -> bytes:
    """Put user data behind the fields of a DELIVER."""
    first = bytes([0x44 if udhi else 0x04])
    front = bytes.fromhex(smsc) + first + bytes.fromhex(sender) + bytes([0, dcs])
    return front + scts + bytes([length]) + data


def letters(text: str, *, dcs: int = 0, sender: str = NUMBER) -> bytes:
    """A DELIVER with this text in septets, all of one septet."""
    codes = to_septets(text)
    return deliver(pack(codes), len(codes), dcs=dcs, sender=sender)


def under(header: str, codes: bytes) -> bytes:
    """A DELIVER with a user data header before septets, packed a bit at a time."""
    octets = bytes.fromhex(header)
    skip = -(-len(octets) * 8 // 7)
    bits = "".join(f"{octet:08b}"[::-1] for octet in octets).ljust(skip * 7, "0")
    bits += "".join(f"{code:07b}"[::-1] for code in codes)
    bits += "0" * (-len(bits) % 8)
    data = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
    return deliver(data, skip + len(codes), udhi=True)


# Messages as modems in the field listed them.
FIELD = [
    (
        HOW_ARE_YOU,
        "+31641600986",
        AddressType.international,
        datetime(2002, 8, 26, 19, 37, 41, tzinfo=UTC),
        "How are you?",
    ),
    (
        # Years have two digits; all are of this century.
        "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37",
        "27838890001",
        AddressType.subscriber,
        datetime(2099, 3, 29, 13, 16, 59, tzinfo=UTC),
        "hellohello",
    ),
    (
        "0791452300008001040D91945171928062F70003714012816350291AD4F29C0EA296D9693A68DA"
        "9C8264B1178C068AE174B31A",
        "+4915172908267",
        AddressType.international,
        datetime(2017, 4, 21, 21, 36, 5, tzinfo=UTC),
        "Test Telit SMS 21/04 18:35",
    ),
    (
        "000410D04162D0190409994400086290517181004024004B006100720067006F006E0075007A"
        "00200079006F006C006400610020011F00FC015F",
        "ADANA BLD",
        AddressType.alphanumeric,
        datetime(2026, 9, 15, 16, 18, 0, tzinfo=UTC),
        "Kargonuz yolda ğüş",
    ),
]


@pytest.mark.parametrize(("pdu", "sender", "kind", "sent_at", "text"), FIELD)
def test_messages_from_the_field(
    pdu: str, sender: str, kind: AddressType, sent_at: datetime, text: str
) -> None:
    """Texts that real modems listed are read as their senders wrote them."""
    message = received(pdu)
    assert (message.sender, message.sender_type) == (sender, kind)
    assert (message.sent_at, message.text) == (sent_at, text)


def test_every_field_of_a_text() -> None:
    """A text is taken apart completely."""
    assert received(HOW_ARE_YOU) == Deliver(
        sender="+31641600986",
        sender_type=AddressType.international,
        sent_at=datetime(2002, 8, 26, 19, 37, 41, tzinfo=UTC),
        scts=bytes.fromhex("20806291731408"),
        pid=0,
        dcs=0,
        message_class=None,
        user_data=bytes.fromhex("C8F71D14969741F977FD07"),
        user_data_length=12,
        fragment="How are you?",
        concat=None,
        smsc="+31624000000",
    )


def test_report_from_the_field() -> None:
    """A delivery report names the text, the number, both times and the outcome."""
    pdu = "0006050C9126182921223290115212858382901152128534820000000012"
    assert decode(bytes.fromhex(pdu)) == StatusReport(
        reference=5,
        recipient="+628192122223",
        recipient_type=AddressType.international,
        sent_at=datetime(2009, 11, 25, 14, 58, 38, tzinfo=UTC),
        discharged_at=datetime(2009, 11, 25, 14, 58, 43, tzinfo=UTC),
        code=0,
        status=ReportStatus.delivered,
        smsc="",
    )


ADDRESSES = [
    (NUMBER, "+50370001234"),
    ("08A107002143", "70001234"),
    ("088107002143", "70001234"),
    ("04812222", "2222"),
    ("038122F2", "222"),
    ("05811A32FB", "*123#"),
    ("0581CADBF3", "*a#b3"),
    ("0091", ""),
    # Some networks count the fill as a digit.
    ("06910522F3", "+50223"),
    ("07D0D4E4F109", "TIGO"),
    ("0DD0D4E4F1494D1E01", "TIGOTIG"),
    # A name made of digits must not pass for somebody's number.
    ("0ED0" + pack(b"70001234").hex(), "«70001234»"),
]


@pytest.mark.parametrize(("octets", "sender"), ADDRESSES)
def test_senders(octets: str, sender: str) -> None:
    """A sender reads as people write it, `*` and `#` included."""
    assert received(letters("x", sender=octets)).sender == sender


ZONES = [
    ("00", timedelta()),
    ("4A", timedelta(hours=-6)),
    ("8A", timedelta(hours=-7)),
    ("84", timedelta(hours=12)),
    ("65", timedelta(hours=14)),
    ("32", timedelta(hours=5, minutes=45)),
    ("8C", timedelta(hours=-12)),
]


@pytest.mark.parametrize(("octet", "offset"), ZONES)
def test_zones(octet: str, offset: timedelta) -> None:
    """The send time is right whatever zone the network writes it in."""
    scts = SCTS[:6] + bytes.fromhex(octet)
    here = datetime(2026, 11, 24, 12, 0, 0, tzinfo=timezone(offset))
    assert received(deliver(b"x", 1, scts=scts)).sent_at == here
    written = encode_deliver("2222", "x", sent_at=here)[0]
    assert received(written).scts == scts


@pytest.mark.parametrize(
    "scts",
    [
        "00000000000000",
        "FFFFFFFFFFFFFF",
        "62314221000042",
        "62310321000042",
        "62114221000F42",
        "621142210000F2",
        "62114242000042",
    ],
)
def test_unreadable_times_are_none(scts: str) -> None:
    """A text with an impossible send time is still a text."""
    message = received(deliver(b"x", 1, scts=bytes.fromhex(scts)))
    assert message.sent_at is None
    assert message.text == "x"


CODINGS = [
    # TP-DCS, what "PAGA" in septets or UCS-2 is then; None for data
    (0x00, "gsm", None),
    (0x01, "gsm", None),
    (0x0C, "gsm", None),
    (0x10, "gsm", 0),
    (0x11, "gsm", 1),
    (0x40, "gsm", None),
    (0x50, "gsm", 0),
    (0x80, "gsm", None),
    (0xC8, "gsm", None),
    (0xD0, "gsm", None),
    (0xF0, "gsm", 0),
    (0xF2, "gsm", 2),
    (0x08, "ucs2", None),
    (0x18, "ucs2", 0),
    (0x19, "ucs2", 1),
    (0x48, "ucs2", None),
    (0xE0, "ucs2", None),
    (0xE8, "ucs2", None),
]


@pytest.mark.parametrize(("dcs", "alphabet", "message_class"), CODINGS)
def test_codings(dcs: int, alphabet: str, message_class: int | None) -> None:
    """Every coding scheme that carries a text is read, flash or stored or waiting."""
    if alphabet == "gsm":
        message = received(letters("PAGA 12.50", dcs=dcs))
    else:
        data = "PAGA 12.50".encode("utf-16-be")
        message = received(deliver(data, len(data), dcs=dcs))
    assert message.text == "PAGA 12.50"
    assert message.message_class == message_class
    assert message.flash is (message_class == 0)


@pytest.mark.parametrize("dcs", [0x04, 0x14, 0x44, 0xF4, 0xF5, 0xF6, 0xF7, 0x20, 0x28])
def test_data_is_no_text(dcs: int) -> None:
    """8-bit and compressed data are told from texts, and kept in two pieces."""
    pdu = deliver(b"\x01\x02\x03", 3, dcs=dcs)
    with pytest.raises(NotText) as caught:
        decode(pdu)
    assert (caught.value.head, caught.value.body) == (pdu[:-3], pdu[-3:])


@pytest.mark.parametrize("header", ["0605040B8423F0", "0404020001", "027000"])
def test_texts_for_programs_are_no_texts(header: str) -> None:
    """What is addressed to a port or to the SIM is not read as a person's text."""
    with pytest.raises(NotText):
        decode(under(header, to_septets("PAGA 5")))


def test_mms_notice_from_the_field() -> None:
    """A notice of an MMS, which stops other programs, is told apart and kept whole."""
    pdu = bytes.fromhex(MMS_NOTICE)
    with pytest.raises(NotText) as caught:
        decode(pdu)
    assert caught.value.head + caught.value.body == pdu
    assert len(caught.value.body) == 0x7B


HEADERS = [
    # 8-bit reference: one bit of fill
    ("050003000201", Concat(reference=0, bits=8, total=2, number=1)),
    # 16-bit reference: no fill, where another library loses the first letter
    ("060804012C0302", Concat(reference=300, bits=16, total=3, number=2)),
    ("03240102", None),
    ("03250102", None),
    ("0824010200034D0201", Concat(reference=77, bits=8, total=2, number=1)),
    # of two, the last counts
    ("0A000301020100030A0302", Concat(reference=10, bits=8, total=3, number=2)),
    # elements nobody needs
    ("00", None),
    ("020A00", None),
    ("03220100", None),
    ("0522030000FF", None),
    ("0922070000000000FF00", None),
    ("0A22080000000000FF0000", None),
    ("0B220900000000000000FF00", None),
    ("0C220A00000000000000FF0000", None),
]


@pytest.mark.parametrize(("header", "concat"), HEADERS)
@pytest.mark.parametrize("text", ["100.00", "@@@@@@@@", "P", ""])
def test_text_begins_after_any_header(
    header: str, concat: Concat | None, text: str
) -> None:
    """The first letter of a part is never lost, whatever header precedes it."""
    message = received(under(header, to_septets(text)))
    assert message.text == text
    assert message.concat == concat


def test_ucs2_begins_after_its_header() -> None:
    """Parts in UCS-2 are read behind references of both sizes."""
    for header in ("050003000201", "060804012C0302"):
        data = bytes.fromhex(header) + "100 ó".encode("utf-16-be")
        message = received(deliver(data, len(data), dcs=8, udhi=True))
        assert message.text == "100 ó"


def test_spanish_letters() -> None:
    """Phones that use the Spanish table are read with their accents."""
    codes = b"Recibi\x1bo \x1ba\x1bi\x1bu \x1bA\x1bI\x1bO\x1bU \x1be \x09"
    text = received(under("03240102", codes)).text
    assert text == "Recibió áíú ÁÍÓÚ € Ç"
    assert received(under("03240101", b"\x1bo")).text == "o"


def test_trailing_bytes_are_no_text() -> None:
    """Padding a modem adds after the user data never becomes part of the text."""
    plain = letters("PAGA 5 70001234")
    for padding in (b"\xff", b"\xff" * 20, b"buzC3e"):
        assert received(plain + padding).text == "PAGA 5 70001234"
        assert content_key(received(plain + padding)) == content_key(received(plain))


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 24, 159, 160])
def test_last_at_sign_is_kept(length: int) -> None:
    """A text may end with `@`, which is seven zero bits, at any length."""
    text = "a" * (length - 1) + "@"
    assert received(letters(text)).text == text


def test_section_sign_and_others() -> None:
    """Letters other libraries confuse are read as the standard has them."""
    assert received(deliver(pack(b"\x5f\x1b\x0a\x60"), 4)).text == "§\f¿"


def test_emoji_come_whole() -> None:
    """An emoji is one character that any program can store."""
    data = "PAGA 5 😀".encode("utf-16-be")
    assert received(deliver(data, len(data), dcs=8)).text == "PAGA 5 😀"


def test_characters_cut_between_parts_are_joined() -> None:
    """What a phone cut in two is whole again after joining, and safe before."""
    high, low = "\ud83d".encode("utf-16-be", "surrogatepass"), b"\xde\x00"
    first = received(deliver(high, 2, dcs=8))
    second = received(deliver(low, 2, dcs=8))
    assert join([first, second]) == "😀"
    assert (first.text, second.text) == ("\ufffd", "\ufffd")
    assert join([second, first]) == "\ufffd\ufffd"
    before, after = received(deliver(pack(b"5\x1b"), 2)), received(letters("e 3"))
    assert join([before, after]) == "5€ 3"
    assert before.text == "5"
    assert join([before, second]) == "5\ufffd"
    assert join([]) == ""


MALFORMED = [
    # (what is wrong, PDU, whether TP-UD can be located)
    ("nothing", "", False),
    ("only a service centre", "07911326040000F0", False),
    ("a service centre cut short", "0791132604", False),
    ("cut in the sender", "00040B9105", False),
    ("a sender too long", "00041591" + "11" * 11 + "0000" + "00" * 8, False),
    ("fill inside a number", "0004069105F2F30000" + "00" * 8, False),
    ("cut in the time", "0004" + NUMBER + "0000621142", False),
    ("no length", "0004" + NUMBER + "00006211422100004A", False),
    ("user data cut short", "0004" + NUMBER + "00006211422100004A05C8F7", True),
    (
        "longer than one SMS",
        "0004" + NUMBER + "00006211422100004AA1" + "00" * 141,
        True,
    ),
    ("UCS-2 too long", "0004" + NUMBER + "00086211422100004A8E" + "00" * 142, True),
    ("half a UCS-2 letter", "0004" + NUMBER + "00086211422100004A03005000", True),
    ("header without octets", "0044" + NUMBER + "00006211422100004A00", True),
    ("header too long", "0044" + NUMBER + "00006211422100004A040A000301", True),
    (
        "header beyond its septets",
        "0044" + NUMBER + "00006211422100004A0203220100",
        True,
    ),
    ("element cut short", "0044" + NUMBER + "00006211422100004A06040003010202", True),
    ("part 0", "0044" + NUMBER + "00006211422100004A0705000301020000", True),
    ("part 3 of 2", "0044" + NUMBER + "00006211422100004A0705000301020300", True),
    ("part of none", "0044" + NUMBER + "00006211422100004A0705000301000100", True),
    ("a text to be sent", "0001000B910573001032F400000141", False),
    ("a report without a status", "0006050C91261829212232" + "90" * 14, False),
    ("a report cut short", "0006050C9126", False),
]


@pytest.mark.parametrize(
    ("pdu", "located"),
    [row[1:] for row in MALFORMED],
    ids=[row[0] for row in MALFORMED],
)
def test_malformed(pdu: str, located: bool) -> None:
    """Bytes that are no message end in one kind of error, which holds all of them."""
    octets = bytes.fromhex(pdu)
    with pytest.raises(BadPdu) as caught:
        decode(octets)
    assert isinstance(caught.value, PduError)
    assert caught.value.head + caught.value.body == octets
    assert bool(caught.value.head) is located


def test_nothing_secret_is_shown() -> None:
    """No `repr` and no error shows a text, in letters or in hex."""
    pdu = letters("PIN 4821")
    message = received(pdu)
    submit = encode_submit("2222", "PIN 4821")[0]
    with pytest.raises(BadPdu) as caught:
        decode(pdu[:-1])
    shown = [repr(message), repr(submit), repr(caught.value), str(caught.value)]
    shown.append(repr(decode_submit(submit.pdu)))
    for line in shown:
        assert "4821" not in line
        assert message.user_data.hex() not in line.lower()
        assert repr(message.user_data)[2:-1] not in line


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (0x00, ReportStatus.delivered),
        (0x01, ReportStatus.delivered),
        (0x1F, ReportStatus.delivered),
        (0x20, ReportStatus.trying),
        (0x30, ReportStatus.trying),
        (0x3F, ReportStatus.trying),
        (0x40, ReportStatus.failed),
        (0x46, ReportStatus.failed),
        (0x60, ReportStatus.failed),
        (0x7F, ReportStatus.failed),
        (0xFF, ReportStatus.failed),
    ],
)
def test_report_status(code: int, status: ReportStatus) -> None:
    """A report that the network still tries is not a failure."""
    pdu = encode_status_report(
        reference=7,
        recipient="+50370001234",
        sent_at=NOON,
        discharged_at=None,
        code=code,
        smsc="+50377",
    )
    assert decode(pdu) == StatusReport(
        reference=7,
        recipient="+50370001234",
        recipient_type=AddressType.international,
        sent_at=NOON,
        discharged_at=None,
        code=code,
        status=status,
        smsc="+50377",
    )


def test_key_is_the_content() -> None:
    """A redelivery has the same key although slot, service centre and MMS differ."""
    pdu = letters("PAGA 5")
    again = bytes.fromhex("05910573F0F0") + b"\x00" + pdu[2:]
    assert content_key(received(again)) == content_key(received(pdu))
    spare = bytearray(pdu)
    spare[-1] |= 0xC0
    assert content_key(received(bytes(spare))) == content_key(received(pdu))


def test_key_tells_texts_apart() -> None:
    """Another sender, time, protocol, coding or text is another key."""
    pdu = letters("PAGA 5@")
    other_pid = bytearray(pdu)
    other_pid[10] = 0x41
    different = [
        pdu,
        bytes(other_pid),
        letters("PAGA 5"),
        letters("PAGA 5@", dcs=0x10),
        letters("PAGA 5@", sender="08A107002143"),
        letters("PAGA 5@", sender="088107002143"),
        deliver(pdu[-7:], 7, scts=bytes.fromhex("6211422100104A")),
    ]
    assert len({content_key(received(pdu)) for pdu in different}) == len(different)
    one, two = received(pdu), received(different[2])
    assert content_key(one, two) == content_key(one) + content_key(two)


def test_key_does_not_change_between_releases() -> None:
    """Digests of keys are kept for years, so the bytes are fixed here."""
    assert content_key(received(letters("PAGA 5"))) == (
        b"\x00\x0dinternational\x00\x0c+50370001234\x00\x07" + SCTS + b"\x00\x03"
        b"\x00\x00\x06\x00\x06" + pack(b"PAGA 5")
    )


DESTINATIONS = [
    ("+50370001234", "0B910573001032F4", "+50370001234"),
    ("+503 7000-1234", "0B910573001032F4", "+50370001234"),
    ("70001234", "088107002143", "70001234"),
    ("2222", "04812222", "2222"),
    ("*123#", "05811A32FB", "*123#"),
]


@pytest.mark.parametrize(("to", "octets", "read"), DESTINATIONS)
def test_destinations(to: str, octets: str, read: str) -> None:
    """A number with a plus is international, others go as dialled, never as names."""
    submit = encode_submit(to, "x")[0]
    assert octets in submit.pdu.hex().upper()
    assert decode_submit(submit.pdu).to == read


@pytest.mark.parametrize(
    "to", ["", "+", "TIGO", "++503", "+*1", "٥٠٣", "1" * 21, "1\n"]
)
def test_impossible_destinations_are_rejected(to: str) -> None:
    """What cannot be dialled is refused before a byte is written."""
    with pytest.raises(Rejected):
        encode_submit(to, "x")


VALIDITIES = [
    # asked, TP-VP, granted
    (0, 0, 300),
    (60, 0, 300),
    (300, 0, 300),
    (301, 1, 600),
    (43_200, 143, 43_200),
    (43_201, 144, 45_000),
    (86_400, 167, 86_400),
    (86_401, 168, 172_800),
    (345_600, 170, 345_600),
    (30 * 86_400, 196, 30 * 86_400),
    (30 * 86_400 + 1, 197, 35 * 86_400),
    (63 * 604_800, 255, 63 * 604_800),
    (10**9, 255, 63 * 604_800),
]


@pytest.mark.parametrize(("asked", "octet", "granted"), VALIDITIES)
def test_validity_is_rounded_up(asked: int, octet: int, granted: int) -> None:
    """The network tries at least as long as asked, up to 63 weeks."""
    pdu = encode_submit("2222", "x", validity_s=asked)[0].pdu
    assert pdu[9] == octet
    assert decode_submit(pdu).validity_s == granted


@pytest.mark.parametrize(
    ("form", "octets", "validity_s"),
    [("01", "", None), ("11", "AA", 345_600), ("09", "00" * 7, None)],
)
def test_validity_forms(form: str, octets: str, validity_s: int | None) -> None:
    """A submitted text is read whichever way its validity is written."""
    pdu = f"00{form}000B916407281553F80000{octets}0AE8329BFD4697D9EC37"
    submission = decode_submit(bytes.fromhex(pdu))
    assert submission.to == "+46708251358"
    assert (submission.text, submission.validity_s) == ("hellohello", validity_s)


def test_submit_byte_for_byte() -> None:
    """What goes to the modem is known to the last bit."""
    (submit,) = encode_submit("+46708251358", "hellohello", validity_s=345_600)
    assert submit.pdu.hex().upper() == (
        "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
    )
    assert submit.length == len(submit.pdu) - 1
    (flash,) = encode_submit("2222", "á", report=True, flash=True)
    assert flash.pdu.hex().upper() == "00310004812222" + "0018A7" + "0200E1"


def test_parts_carry_the_reference() -> None:
    """Parts of one text share the reference handed in, cut to its size."""
    parts = encode_submit("2222", "a" * 320, reference=300, reference_bits=16)
    concats = [decode_submit(part.pdu).concat for part in parts]
    assert concats == [
        Concat(reference=300, bits=16, total=3, number=n) for n in (1, 2, 3)
    ]
    parts = encode_submit("2222", "a" * 320, reference=300)
    assert parts[0].pdu[11:17].hex() == "0500032c0301"


def test_endless_text_is_rejected() -> None:
    """More than 255 parts cannot be numbered."""
    with pytest.raises(Rejected):
        encode_submit("2222", "a" * (255 * 153 + 1))
    assert len(encode_submit("2222", "a" * (255 * 153))) == 255


def test_not_a_submit() -> None:
    """A received text is not taken for one to be sent."""
    with pytest.raises(BadPdu):
        decode_submit(bytes.fromhex(HOW_ARE_YOU))


def test_impossible_originators_are_rejected() -> None:
    """A name has 1 to 11 letters of the GSM alphabet."""
    for name in ("TIENDA LUPITA", "Lupíta"):
        with pytest.raises(Rejected):
            encode_deliver(name, "x", sent_at=NOON)
