// The colour of the web chat, shown as it will be read there.

import { inkOn, toCss } from "../../chat/widget/accent.js";
import { byId } from "../../shared/elements.js";

const accent = byId("accent", HTMLInputElement);
const sample = byId("sample");

function paint() {
  const parts = [1, 3, 5].map((at) => Number.parseInt(accent.value.slice(at, at + 2), 16));
  sample.style.setProperty("--mine", accent.value);
  sample.style.setProperty("--mine-ink", toCss(inkOn(/** @type {Rgb} */ (parts))));
}

accent.addEventListener("input", paint);
paint();
