// Lines further up that others have changed: the new lines at the end say which.

/** @import { Timeline } from "./timeline.js" */
/** @import { ConversationAnswer, DeskPage, TimelineLine } from "./types.js" */

const CHANGES = new Set(["edited", "withdrawn", "answer_corrected", "answer_taken_back"]);

/**
 * Fetch anew what `fresh` lines say has been changed, where it stands before line `after` and is on the screen.
 * @param {DeskPage} page
 * @param {Timeline} timeline
 * @param {TimelineLine[]} fresh
 * @param {number} after
 */
export async function fetchChanged({ calls, state }, timeline, fresh, after) {
  const { id } = state;
  const changed = fresh.filter(({ event }) => CHANGES.has(event ?? "")).map(({ of }) => of ?? 0);
  for (const seq of new Set(changed)) {
    if (seq > after || seq < timeline.firstSeq) continue;
    /** @type {ConversationAnswer} */
    const found = await calls.get(`conversations/${id}?before=${seq + 1}&from=${seq}`);
    if (state.id === id) timeline.takeEarlier(found.lines);
  }
}
