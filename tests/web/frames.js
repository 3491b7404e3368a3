/** Frames of docs/protocol.md as a server would send them. */

export const NOW = Date.parse("2026-11-22T15:00:00Z");

export const welcome = (fields = {}) => ({
  type: "welcome",
  protocol: 1,
  token: "t1",
  conversation: "c1",
  seq: 0,
  log_epoch: "e1",
  status: "bot",
  language: "de",
  agent: null,
  queue: null,
  ...fields,
});

export const ready = { type: "ready" };

/** @type {(seq: number, fields?: object) => { seq: number } & Record<string, unknown>} */
export const said = (seq, fields = {}) => ({
  type: "message",
  seq,
  kind: "outgoing",
  author: "bot",
  name: "Staffel",
  text: `answer ${seq}`,
  html: `<p>answer ${seq}</p>`,
  choices: [],
  chosen: null,
  article: null,
  client_id: null,
  at: "2026-11-22T14:59:00Z",
  ...fields,
});

/** @type {(seq: number, text?: string, fields?: object) => { seq: number } & Record<string, unknown>} */
export const asked = (seq, text = `question ${seq}`, fields = {}) =>
  said(seq, {
    kind: "incoming",
    author: "contact",
    name: "",
    text,
    html: null,
    ...fields,
  });

/** @type {(clientId: string, seq: number) => object} */
export const ack = (clientId, seq) => ({ type: "ack", client_id: clientId, seq, at: "2026-11-22T15:00:01Z" });
