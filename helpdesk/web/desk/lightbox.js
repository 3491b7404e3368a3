// A picture of the conversation, large: from there to the others of it, and back to where one was.

import { byId, findAll, icon, make, quoted } from "../shared/elements.js";
import { say } from "../shared/words.js";

const BACK = "M15 5l-7 7 7 7";
const ON = "M9 5l7 7-7 7";
const SHUT = "M6 6l12 12M18 6L6 18";

/** Pictures that the conversation shows, in its order. */
const pictures = () => findAll(byId("lines"), "a.picture", HTMLAnchorElement);

/**
 * Show the picture of a link large, until the dialog is closed or the picture is gone from the page.
 * @param {HTMLAnchorElement} link
 */
export function openLightbox(link) {
  new Lightbox(link).open();
}

class Lightbox {
  /** Of the picture that is shown: its link may be drawn anew. */
  #address;
  #place = make("span", { class: "lightbox-place", role: "status" });
  #who = make("span", { id: "lightbox-title" });
  #stage = make("div", { class: "lightbox-stage" });
  #save = make("a", { class: "button plain" }, say("desk_file_save"));
  #back = turn("desk_picture_previous", BACK, () => this.#step(-1));
  #shut = turn("desk_picture_close", SHUT, () => this.#dialog.close());
  #on = turn("desk_picture_next", ON, () => this.#step(1));
  #dialog = /** @type {HTMLDialogElement} */ (
    make(
      "dialog",
      { class: "lightbox", "aria-labelledby": "lightbox-title" },
      make("header", {}, this.#who, this.#place, this.#save, this.#shut),
      this.#stage,
      this.#back,
      this.#on,
    )
  );
  /** Another conversation, or an erased one, takes its pictures along. */
  #watch = new MutationObserver(() => (this.#link ? this.#drawSteps() : this.#dialog.close()));

  /** @param {HTMLAnchorElement} link */
  constructor(link) {
    this.#address = link.href;
  }

  get #link() {
    return pictures().find((one) => one.href === this.#address);
  }

  open() {
    const dialog = this.#dialog;
    dialog.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) this.#step(by);
    });
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || target === this.#stage) dialog.close();
    });
    dialog.addEventListener("close", () => {
      this.#watch.disconnect();
      dialog.remove();
      this.#link?.focus();
    });
    this.#shut.autofocus = true;
    this.#draw();
    document.body.append(dialog);
    dialog.showModal();
    this.#watch.observe(byId("lines"), { childList: true, subtree: true });
  }

  /** @param {number} by */
  #step(by) {
    const all = pictures();
    const next = all[all.findIndex((one) => one.href === this.#address) + by];
    if (!next) return;
    this.#address = next.href;
    this.#draw();
  }

  #draw() {
    const link = this.#link;
    if (!link) return;
    const line = link.closest(".line-item");
    const name = link.querySelector("img")?.alt ?? "";
    const image = make("img", { src: link.href, alt: name });
    image.addEventListener("error", () =>
      this.#stage.replaceChildren(make("p", { role: "alert" }, say("desk_picture_broken"))),
    );
    this.#stage.replaceChildren(image);
    const facts = [line?.querySelector("strong")?.textContent, line?.querySelector("time")?.textContent];
    this.#who.replaceChildren(
      make("strong", {}, quoted(name)),
      make("span", { class: "lightbox-from" }, quoted(facts.filter(Boolean).join(" · "))),
    );
    this.#save.setAttribute("href", link.href);
    this.#save.setAttribute("download", name);
    this.#drawSteps();
  }

  /** Where there is nothing further the way there is closed, and the cursor goes where there is. */
  #drawSteps() {
    const all = pictures();
    const at = all.findIndex((one) => one.href === this.#address);
    const ends = [at <= 0, at >= all.length - 1];
    for (const [place, button] of [this.#back, this.#on].entries()) {
      button.hidden = all.length < 2;
      if (ends[place] && button === document.activeElement) (place ? this.#back : this.#on).focus();
      button.toggleAttribute("disabled", ends[place]);
    }
    this.#place.textContent =
      all.length < 2 ? "" : say("desk_picture_place", { number: String(at + 1), count: String(all.length) });
  }
}

/**
 * @param {string} key
 * @param {string} shape
 * @param {() => void} onclick
 */
function turn(key, shape, onclick) {
  const button = make("button", { type: "button", class: `button plain icon ${key}`, title: say(key), onclick });
  button.setAttribute("aria-label", say(key));
  button.append(icon(shape));
  return button;
}
