// The demo's page: three phones, the modem, and the books, as the server tells them.
//
// What comes in: one stream of events (a snapshot first, then each change). What goes
// out: texts, redeliveries, dialled codes and answers to their screens, the modem's plug. Nothing is stored and nothing is computed
// that the server knows; only the length of a text is counted here, while it is typed.
"use strict";

const WORDS = {
  en: {
    demo: "demo",
    lead: "Only the phones and the modem are make-believe: the daemon, the modem's driver and the books are the real thing.",
    language: "Language of this page", modem: "Modem", phones: "Phones",
    up: "The modem is connected.", out: "The modem is unplugged.", coming: "The modem is coming back …",
    upMore: (m) => `Real driver, emulated modem on ${m.port}`,
    outMore: (m) => m.waiting ? `Waiting in the network: ${m.waiting}` : "Texts wait in the network, answers in the ledger; nothing gets lost.",
    comingMore: () => "The driver finds it again by itself.",
    unplug: "Unplug the modem", plug: "Plug it in again",
    whose: "Whose phone this is", phoneOf: (w) => `Phone of ${w}`, chatOf: (w) => `Texts of ${w}`,
    textOf: (w) => `Text from ${w}`, readyFor: (w) => `Ready texts for ${w}`,
    code: "Code", pin: "Practice PIN", balance: "Balance", canSpend: "Can spend",
    also: (m) => `${m.name}, ${m.trade.en} · ${m.number} · alias ${m.alias}`,
    empty: "No texts yet. Choose a ready text on the note above, or type.",
    dial: (c) => `Dial ${c}`, session: (c, w) => `${c} on the phone of ${w}`, answerOf: (w) => `Answer of ${w} to the screen`,
    cancel: "Cancel", ok: "OK",
    write: "Write a text …", send: "Send", again: "Redeliver the last", redelivered: "delivered again by the network",
    againTitle: "The network delivers the last text a second time, bit for bit. It must not count twice.",
    count: (n, room, parts) => `${n}/${room} · ${parts} SMS`, ucs2: "not GSM",
    key: (k) => `Key ${k}`,
    payTo: (w) => `Pay ${w} 25.50`, ask: "Pay 3, ask first", answer: (t) => `Answer ${t} with PIN`, no: "NO",
    bal: "Balance", verify: "Is my receipt genuine?", invented: "A made-up receipt", wrong: "Wrong PIN", other: (l) => (l === "es" ? "Replies in English" : "Replies in Spanish"), help: "Help",
    ledger: "The ledger, line by line", accounts: "Who has what", time: "Time", fromTo: "From → to", amount: "Amount",
    reference: "Reference", balances: "Balances after", noLines: "Nobody has paid anybody yet.",
    sum: "Sum of all balances", head: "Head of the chain",
    foot: "Members owe each other: who pays goes down, who is paid goes up, and all of it together is always zero. Every line is chained to the one before by its hash.",
    gone: "The demo has stopped. Start it again with: make demo", lost: "The demo did not answer: is it still running?",
  },
  es: {
    demo: "demostración",
    lead: "Solo los teléfonos y el módem son de mentira: el servicio, el driver del módem y las cuentas son de verdad.",
    language: "Idioma de esta página", modem: "Módem", phones: "Teléfonos",
    up: "El módem está conectado.", out: "El módem está desconectado.", coming: "El módem está volviendo …",
    upMore: (m) => `Driver real, módem emulado en ${m.port}`,
    outMore: (m) => m.waiting ? `Esperan en la red: ${m.waiting}` : "Los mensajes esperan en la red y las respuestas en el libro; nada se pierde.",
    comingMore: () => "El driver lo encuentra solo.",
    unplug: "Desconectar el módem", plug: "Conectarlo otra vez",
    whose: "De quién es este teléfono", phoneOf: (w) => `Teléfono de ${w}`, chatOf: (w) => `Mensajes de ${w}`,
    textOf: (w) => `Mensaje de ${w}`, readyFor: (w) => `Mensajes listos para ${w}`,
    code: "Código", pin: "PIN de práctica", balance: "Saldo", canSpend: "Disponible",
    also: (m) => `${m.name}, ${m.trade.es} · ${m.number} · alias ${m.alias}`,
    empty: "Todavía no hay mensajes. Escoja uno listo en la nota de arriba, o escriba.",
    dial: (c) => `Marcar ${c}`, session: (c, w) => `${c} en el teléfono de ${w}`, answerOf: (w) => `Respuesta de ${w} a la pantalla`,
    cancel: "Cancelar", ok: "OK",
    write: "Escriba un mensaje …", send: "Enviar", again: "Reentregar el último", redelivered: "entregado otra vez por la red",
    againTitle: "La red entrega el último mensaje por segunda vez, bit por bit. No debe contar dos veces.",
    count: (n, room, parts) => `${n}/${room} · ${parts} SMS`, ucs2: "no es GSM",
    key: (k) => `Tecla ${k}`,
    payTo: (w) => `Pagar 25.50 a ${w}`, ask: "Pagar 3, con pregunta", answer: (t) => `Responder ${t} con PIN`, no: "NO",
    bal: "Saldo", verify: "¿Es real mi recibo?", invented: "Un recibo inventado", wrong: "PIN equivocado", other: (l) => (l === "es" ? "Respuestas en inglés" : "Respuestas en español"), help: "Ayuda",
    ledger: "El libro, línea por línea", accounts: "Quién tiene cuánto", time: "Hora", fromTo: "De → a", amount: "Monto",
    reference: "Referencia", balances: "Saldos después", noLines: "Nadie le ha pagado a nadie todavía.",
    sum: "Suma de todos los saldos", head: "Cabeza de la cadena",
    foot: "Los miembros se deben entre ellos: quien paga baja, quien cobra sube, y todo junto siempre es cero. Cada línea va encadenada a la anterior con su hash.",
    gone: "La demostración terminó. Iníciela otra vez con: make demo", lost: "La demostración no respondió: ¿sigue en marcha?",
  },
};

// What members write, in their own language; every word works in both.
const TEXTS = {
  es: { pay: "PAGAR", bal: "SALDO", verify: "VER", help: "AYUDA", other: "LANG EN" },
  en: { pay: "PAY", bal: "BAL", verify: "VERIFY", help: "HELP", other: "IDIOMA ES" },
};
const KEYS = [
  ["1", ""], ["2", "abc"], ["3", "def"], ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"], ["*", ""], ["0", "␣"], ["#", ""],
];
const PHONES = 3;
const INVENTED = "4812057736";

// What a phone sends as a call and not as a text.
const CALL = /^\*[0-9*]+#$/;

const state = { language: "en", members: [], bubbles: new Map(), screens: new Map(), books: null, modem: null, seen: null };
let dialled = "";
let alphabet = new Set();
let pairs = new Set();
const sets = [];

const $ = (id) => document.getElementById(id);
const words = () => WORDS[state.language];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function negative(amount) { return amount.startsWith("-"); }
function shown(amount) { return amount.replace("-", "−"); }

// ---- asking the server

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) notice(await answer.text());
    return answer.ok;
  } catch {
    notice(words().lost);
    return false;
  }
}

let hiding = 0;
function notice(text, stay = false) {
  clearTimeout(hiding);
  $("notice").textContent = text;
  $("notice").hidden = !text;
  if (text && !stay) hiding = setTimeout(() => { $("notice").hidden = true; }, 6000);
}

// ---- how long a text is

function units(text) {
  const characters = [...text];
  const gsm = characters.every((c) => alphabet.has(c) || c === "\n");
  const sizes = characters.map((c) => (gsm ? (pairs.has(c) ? 2 : 1) : c.length));
  const total = sizes.reduce((a, b) => a + b, 0);
  const [one, each] = gsm ? [160, 153] : [70, 67];
  if (total <= one) return { gsm, total, room: one, parts: 1 };
  // A character is never cut in two, so a part may stay one short.
  let parts = 1, used = 0;
  for (const size of sizes) {
    if (used + size > each) { parts += 1; used = 0; }
    used += size;
  }
  return { gsm, total, room: parts * each, parts };
}

// ---- a phone

class Phone {
  constructor(member) {
    this.root = $("phone").content.firstElementChild.cloneNode(true);
    const find = (selector) => this.root.querySelector(selector);
    [this.select, this.chat, this.text, this.count] = ["select", ".chat", "textarea", ".count"].map(find);
    [this.ready, this.send, this.again] = [".ready", ".send", ".again"].map(find);
    [this.dialog, this.told, this.input] = [".ussd", ".told", ".ussd input"].map(find);
    this.asking = false;
    this.member = member;
    this.select.addEventListener("change", () => choose(this, this.select.value));
    this.text.addEventListener("input", () => this.measure());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.submit();
      }
    });
    find("form").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.again.addEventListener("click", () => this.left());
    this.dialog.addEventListener("keydown", (event) => { if (event.key === "Escape") this.leave(); });
    for (const [key, letters] of KEYS) {
      const button = element("button", "", key);
      button.type = "button";
      button.tabIndex = -1;
      if (letters) button.append(element("small", "", letters));
      button.addEventListener("click", () => this.type(key));
      find(".keys").append(button);
    }
    $("phones").append(this.root);
  }

  get words() { return TEXTS[this.member.language] || TEXTS.es; }

  get screen() { return state.screens.get(this.member.phone); }

  // Where keys are typed: into the open session, else into the text.
  get field() { return this.screen ? this.input : this.text; }

  async submit() {
    const screen = this.screen, field = this.field, typed = field.value.trim();
    if (screen?.ends) { this.leave(); return; }
    if (!typed) { field.focus(); return; }
    const { phone } = this.member;
    const [path, body] = screen ? ["/answer", { phone, text: typed }]
      : CALL.test(typed) ? ["/dial", { phone, code: typed }]
        : ["/send", { phone, text: field.value }];
    // A second press before the answer would be a second answer.
    if (this.asking) return;
    this.asking = true;
    const before = field.value, done = await post(path, body);
    this.asking = false;
    if (done && field.value === before) field.value = "";
    this.measure();
    this.field.focus();
  }

  // The left key: out of the session, else the last text once more.
  left() {
    if (this.screen) this.leave();
    else post("/redeliver", { phone: this.member.phone });
  }

  async leave() {
    await post("/hang-up", { phone: this.member.phone });
    this.text.focus();
  }

  type(key) {
    const field = this.field, at = field.selectionStart ?? field.value.length;
    field.setRangeText(key, at, field.selectionEnd ?? at, "end");
    this.measure();
  }

  // The screen of a session, as a basic phone shows it: over everything else.
  session() {
    const w = words(), screen = this.screen, ends = Boolean(screen?.ends);
    this.dialog.hidden = !screen;
    this.root.querySelector(".write").inert = this.chat.inert = Boolean(screen);
    this.told.textContent = screen?.text ?? "";
    this.input.hidden = ends;
    if (!screen || ends) this.input.value = "";
    this.send.textContent = ends ? w.ok : w.send;
    this.again.textContent = screen ? w.cancel : w.again;
    this.again.title = screen ? "" : w.againTitle;
    this.again.disabled = ends;
  }

  fill(text) {
    this.text.value = text;
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
    this.measure();
  }

  measure() {
    const counted = units(this.text.value);
    const told = words().count(counted.total, counted.room, counted.parts);
    this.count.textContent = counted.gsm ? told : `${words().ucs2} · ${told}`;
    this.count.classList.toggle("more", counted.parts > 1 || !counted.gsm);
  }

  draw() {
    const w = words(), { who } = this.member;
    translate(this.root);
    this.root.querySelector(".phone").setAttribute("aria-label", w.phoneOf(who));
    this.select.setAttribute("aria-label", w.whose);
    this.chat.setAttribute("aria-label", w.chatOf(who));
    this.text.setAttribute("aria-label", w.textOf(who));
    this.ready.setAttribute("aria-label", w.readyFor(who));
    this.text.placeholder = w.write;
    this.dialog.setAttribute("aria-label", w.session(dialled, who));
    this.input.setAttribute("aria-label", w.answerOf(who));
    this.session();
    for (const button of this.root.querySelectorAll(".keys button")) {
      button.setAttribute("aria-label", w.key(button.firstChild.textContent));
    }
    this.select.replaceChildren(...state.members.map((member) => {
      const option = element("option", "", member.who);
      option.value = member.phone;
      option.selected = member === this.member;
      return option;
    }));
    this.root.querySelector(".code").textContent = this.member.code;
    this.root.querySelector(".pin").textContent = this.member.pin;
    const number = this.member.phone.replace(/^\+503(\d{4})(\d{4})$/, "$1-$2");
    this.root.querySelector(".also").textContent = w.also({ ...this.member, number });
    this.root.querySelector(".number").textContent = number;
    this.chat.replaceChildren();
    const bubbles = state.bubbles.get(this.member.phone);
    if (bubbles.length === 0) this.chat.append(element("li", "empty", w.empty));
    for (const bubble of bubbles) this.chat.append(drawn(bubble));
    this.bottom();
    this.measure();
    this.money();
    this.chips();
  }

  add(bubble) {
    this.chat.querySelector(".empty")?.remove();
    const item = drawn(bubble);
    item.classList.add("fresh");
    this.chat.append(item);
    this.bottom();
    this.chips();
  }

  bottom() { this.chat.scrollTop = this.chat.scrollHeight; }

  money() {
    const account = state.books.accounts.find((one) => one.code === this.member.code);
    const balance = this.root.querySelector(".balance");
    balance.textContent = shown(account.balance);
    balance.classList.toggle("below", negative(account.balance));
    this.root.querySelector(".available").textContent = shown(account.available);
    if (account.language !== this.member.language) {
      this.member.language = account.language;
      this.chips();
    }
  }

  // Ready texts, with the codes, PINs and numbers that hold right now.
  chips() {
    const w = words(), t = this.words, { pin } = this.member;
    const next = sets[(sets.indexOf(this) + 1) % sets.length].member;
    const heard = state.bubbles.get(this.member.phone).filter((bubble) => bubble.side === "in");
    const last = heard.at(-1)?.text ?? "";
    const token = last.match(/\b(?:Responda|Reply|SI|YES) (\d\d)\b/)?.[1];
    const ref = heard.map((one) => one.text.match(/\bRef (\d{6})-?(\d{4})/)).filter(Boolean).at(-1);
    const wrong = pin.slice(0, 3) + ((Number(pin[3]) + 1) % 10);
    const chips = [];
    if (token) {
      chips.push([w.answer(token), `${t === TEXTS.es ? "SI" : "YES"} ${token} ${pin}`, "now"]);
      chips.push([w.no, `NO ${token}`, "now"]);
    }
    chips.push([w.payTo(next.who), `${t.pay} ${next.code} 25.50 ${pin}`]);
    // An open question takes the place of two others, so that no phone moves.
    if (!token) chips.push([w.ask, `${t.pay} ${next.alias.toLowerCase()} 3`]);
    chips.push([w.dial(dialled), dialled], [w.bal, `${t.bal} ${pin}`]);
    if (ref) chips.push([w.verify, `${t.verify} ${ref[1]}${ref[2]}`]);
    else chips.push([w.invented, `${t.verify} ${INVENTED}`]);
    chips.push([w.wrong, `${t.pay} ${next.code} 5 ${wrong}`]);
    if (!token) chips.push([w.other(this.member.language), t.other]);
    chips.push([w.help, t.help]);
    this.ready.replaceChildren(...chips.map(([label, text, className]) => {
      const button = element("button", className, label);
      button.type = "button";
      button.title = text;
      button.addEventListener("click", () => this.fill(text));
      return button;
    }));
  }
}

function drawn(bubble) {
  const item = element("li", bubble.side, bubble.text);
  if (bubble.again) item.classList.add("again");
  item.append(element("small", "", bubble.again ? `${words().redelivered} · ${bubble.at}` : bubble.at));
  return item;
}

// Two phones never show the same member: they change places.
function choose(phone, number) {
  const member = state.members.find((one) => one.phone === number);
  const other = sets.find((one) => one !== phone && one.member === member);
  if (other) other.member = phone.member;
  phone.member = member;
  for (const one of sets) one.draw();
  phone.select.focus();
}

// ---- the modem

function drawModem() {
  const w = words(), modem = state.modem;
  const how = !modem.plugged ? "out" : modem.status === "up" ? "up" : "coming";
  document.querySelector(".modem").dataset.state = how;
  $("modem-state").textContent = w[how];
  $("modem-more").textContent = w[`${how}More`](modem);
  $("plug").textContent = modem.plugged ? w.unplug : w.plug;
}

// ---- the books

function drawBooks() {
  const w = words(), { lines, accounts, sum, head } = state.books;
  const known = state.seen;
  $("lines").replaceChildren(...lines.map((line) => {
    const row = element("tr", known !== null && line.id > known ? "fresh" : "");
    row.append(element("td", "t", line.at));
    const parties = element("td", "", line.from);
    parties.append(element("span", "arrow", "→"), line.to);
    if (line.memo) parties.append(element("span", "memo", line.memo));
    row.append(parties, element("td", "n amount", line.amount), element("td", "r", line.ref));
    row.append(element("td", "n", `${shown(line.from_balance)} / ${shown(line.to_balance)}`));
    return row;
  }));
  if (lines.length === 0) {
    const row = element("tr"), cell = element("td", "none", w.noLines);
    cell.colSpan = 5;
    row.append(cell);
    $("lines").append(row);
  }
  state.seen = lines.length ? lines[0].id : 0;
  drawAccounts(accounts);
  $("sum").textContent = sum;
  $("sum").classList.toggle("wrong", Number(sum) !== 0);
  $("head").textContent = `${head.seq} · ${head.hash.slice(0, 16)}`;
  $("head").title = head.hash;
  for (const phone of sets) phone.money();
}

function drawAccounts(accounts) {
  // Only for the length of the bars; amounts themselves are the server's text.
  const sizes = accounts.flatMap((one) => [Math.abs(Number(one.balance)), Number(one.limit)]);
  const most = Math.max(...sizes, 1);
  const part = (amount) => (Math.min(Math.abs(Number(amount)) / most, 1) * 50);
  $("accounts").replaceChildren(...accounts.map((account) => {
    const item = element("li"), track = element("div", "track");
    const bar = (className, left, width) => {
      const made = element("i", className);
      made.style.left = `${left}%`;
      made.style.width = `${width}%`;
      track.append(made);
    };
    const size = part(account.balance), room = part(account.limit);
    bar("room", 50 - room, room);
    if (negative(account.balance)) bar("owes", 50 - size, size);
    else bar("has", 50, size);
    track.setAttribute("aria-hidden", "true");
    const amount = element("span", "amount", shown(account.balance));
    amount.classList.toggle("below", negative(account.balance));
    item.append(element("span", "", account.name), track, amount);
    return item;
  }));
}

// ---- words and events

function translate(root) {
  for (const one of root.querySelectorAll("[data-t]")) one.textContent = words()[one.dataset.t];
  for (const one of root.querySelectorAll("[data-label]")) one.setAttribute("aria-label", words()[one.dataset.label]);
}

function draw() {
  document.documentElement.lang = state.language;
  document.title = `smsgate ${words().demo}`;
  translate(document);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
  }
  for (const phone of sets) phone.draw();
  drawModem();
  drawBooks();
}

let begun = false;
function snapshot(told) {
  const chosen = sets.map((phone) => phone.member.phone);
  state.members = told.members;
  state.bubbles = new Map(told.members.map((member) => [member.phone, []]));
  for (const bubble of told.bubbles) state.bubbles.get(bubble.phone)?.push(bubble);
  state.screens = new Map(told.screens.map((screen) => [screen.phone, screen]));
  dialled = told.dialled;
  state.books = told.books;
  state.modem = told.modem;
  alphabet = new Set(told.alphabet);
  pairs = new Set(told.pairs);
  if (!begun) {
    state.language = told.language;
    for (const member of state.members.slice(0, PHONES)) sets.push(new Phone(member));
    for (const phone of sets) {
      phone.text.maxLength = told.text_max;
      phone.input.maxLength = told.typed_max;
    }
    begun = true;
  } else {
    sets.forEach((phone, at) => {
      phone.member = state.members.find((one) => one.phone === chosen[at]) ?? state.members[at];
    });
  }
  notice("");
  draw();
  document.body.dataset.ready = "yes";
}

function begin() {
  const events = new EventSource("/events");
  const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));
  on("snapshot", snapshot);
  on("bubble", (bubble) => {
    // Phones of nobody on this page write too: those of `smsgate phone`.
    state.bubbles.get(bubble.phone)?.push(bubble);
    sets.find((phone) => phone.member.phone === bubble.phone)?.add(bubble);
  });
  on("screen", (screen) => {
    if (screen.text === null) state.screens.delete(screen.phone);
    else state.screens.set(screen.phone, screen);
    sets.find((phone) => phone.member.phone === screen.phone)?.session();
  });
  on("modem", (modem) => { state.modem = modem; drawModem(); });
  on("books", (books) => {
    if (books.head.seq < state.books.head.seq) return;
    state.books = books;
    drawBooks();
  });
  events.addEventListener("error", () => notice(words().gone, true));
  $("plug").addEventListener("click", () => post("/modem", { plugged: !state.modem.plugged }));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => { state.language = button.dataset.language; draw(); });
  }
}

begin();
