/** What the desk's server answers, as helpdesk/views/timeline shapes it. */

/** @import { Card, ConversationDetail, PromiseCard, TimelineLine } from "../../helpdesk/web/desk/types.js" */

const AT = "2026-11-22T14:59:00Z";

/** @type {(id: string, fields?: Partial<Card>) => Card} */
export const card = (id, fields = {}) => ({
  id,
  channel: "webchat",
  status: "assigned",
  language: "de",
  foreign_language: null,
  contact_name: `Customer ${id}`,
  contact_number: 417,
  important: false,
  preview: "",
  request: `Request ${id}`,
  reason: {},
  triggers: [],
  urgency: 0,
  round: 1,
  topic: null,
  team: null,
  waiting_since: null,
  changed_at: AT,
  agent_id: "me",
  agent_name: "Mia",
  offered_to: null,
  offered_name: null,
  offered_at: null,
  offered_until: null,
  offered_because: [],
  promise_due: null,
  unread: false,
  tags: [],
  snoozed_until: null,
  ...fields,
});

/** @type {(id: string, fields?: Partial<Card>, more?: Partial<ConversationDetail>) => ConversationDetail} */
export const detail = (id, fields = {}, more = {}) => ({
  card: card(id, fields),
  epoch: 1,
  contact_email: null,
  contact_campaign: null,
  contact_phone: null,
  contact_since: AT,
  contact_reachable: true,
  contact_time_zone: null,
  contact_seen_seq: 0,
  contact: { id: "c1", number: 417, given_name: null, note: "", contacts: [], identities: [], merges: [] },
  elsewhere: { conversations: [], more: false },
  page: null,
  confirmation: null,
  summary: { lines: [], language: "de" },
  before: null,
  mood: [],
  articles: [],
  promises: [],
  follow_up: null,
  reach: { way: "channel", problem: null },
  notices: [],
  helped: null,
  asked_at: null,
  ...more,
});

/** @type {(seq: number, fields?: Partial<TimelineLine>) => TimelineLine} */
export const line = (seq, fields = {}) => ({
  seq,
  kind: "incoming",
  author: "contact",
  name: "",
  text: `line ${seq}`,
  html: "",
  choices: [],
  chosen: null,
  article_title: null,
  delivery: null,
  delivery_at: null,
  delivery_reason: null,
  delivery_cause: null,
  withheld: false,
  withheld_by: null,
  event: null,
  of: null,
  facts: {},
  before: [],
  withdrawn: false,
  whisper: false,
  attachments: [],
  client_id: null,
  at: AT,
  ...fields,
});

/** @type {(id: string, fields?: Partial<PromiseCard>) => PromiseCard} */
export const promise = (id, fields = {}) => ({
  id,
  conversation_id: "c1",
  state: "open",
  agent_id: "me",
  agent_name: "Mia",
  text: "call back",
  seq: 3,
  due_at: "2026-11-22T17:00:00Z",
  late: false,
  shown: false,
  contact_name: null,
  contact_number: 417,
  ...fields,
});

/** @type {(conversations: Card[], offers?: Card[], more?: object) => object} */
export const listing = (conversations, offers = [], more = {}) => ({
  conversations,
  offers,
  counts: { queue: 1, mine: 2, open: 3, promises: 0, due: 0, unread: 0 },
  load: { open: 1, capacity: 4 },
  now: AT,
  ...more,
});

/** @type {(conversation: ConversationDetail, lines?: TimelineLine[]) => object} */
export const answer = (conversation, lines = [line(1)]) => ({ conversation, lines, now: AT });
