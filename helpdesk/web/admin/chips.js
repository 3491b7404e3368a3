// Boxes to tick that look like chips, and a field that brings another one.

import { byId, find, findAll, make } from "../shared/elements.js";

/**
 * What is ticked under `name`.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export const tickedOf = (form, name) =>
  findAll(form, `[name=${name}]:checked`, HTMLInputElement).map((box) => box.value);

/**
 * Tick exactly `values` under `name`.
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string[]} values
 */
export function tick(form, name, values) {
  for (const box of findAll(form, `[name=${name}]`, HTMLInputElement)) box.checked = values.includes(box.value);
}

/** Chips to which the admin may add what nobody has named yet. */
export class OpenChips {
  #box;
  #name;

  /**
   * @param {HTMLElement} box
   * @param {string} name of the boxes to tick
   */
  constructor(box, name) {
    this.#box = box;
    this.#name = name;
  }

  /**
   * @param {string} value
   * @returns {HTMLInputElement}
   */
  ensure(value) {
    const known = findAll(this.#box, "input", HTMLInputElement).find((box) => box.value === value);
    if (known) return known;
    const text = make("span", { dir: "auto" }, value);
    const chip = make(
      "label",
      { class: "chip" },
      make("input", { type: "checkbox", name: this.#name, value }),
      " ",
      text,
    );
    this.#box.append(chip);
    return find(chip, "input", HTMLInputElement);
  }

  /**
   * Let a field and its button add one.
   * @param {{ field: string, button: string, onAdd?: () => void }} ids
   */
  listen({ field, button, onAdd }) {
    const more = byId(field, HTMLInputElement);
    const add = () => {
      const value = more.value.trim().replace(/\s+/g, " ");
      if (!value) return;
      this.ensure(value).checked = true;
      more.value = "";
      onAdd?.();
    };
    byId(button).addEventListener("click", add);
    more.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add();
    });
  }
}
