// Lists, conversation, details: where there is no room for all three, one at a time.

import { byId } from "../shared/elements.js";

/** @param {"list" | "talk" | "details"} view */
const show = (view) => {
  byId("content").dataset.view = view;
};

export const showLists = () => show("list");

export const showTalk = () => show("talk");

export function showDetails() {
  show("details");
  byId("details-open").setAttribute("aria-expanded", "true");
  byId("details-close").focus();
}

export function closeDetails() {
  show("talk");
  byId("details-open").setAttribute("aria-expanded", "false");
  byId("details-open").focus();
}

/** Whether the details have to be opened to be seen. */
export const areDetailsAside = () => getComputedStyle(byId("details-close")).display !== "none";
