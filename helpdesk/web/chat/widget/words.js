/** What the widget says in its own name: the words of one language (`words/`), with places and plurals filled in. */
import { INFORMAL, LANGUAGES } from "./words/index.js";

/** @type {(wish: string) => string} the language of ours for a wish such as "de-AT"; English if there is none */
export function languageOf(wish) {
  const code = wish.toLowerCase().split("-")[0];
  return Object.hasOwn(LANGUAGES, code) ? code : "en";
}

/**
 * The file of a language, and of its form of address where it has two.
 * @type {(language: string, address?: string) => string}
 */
export function fileOf(language, address) {
  const code = languageOf(language);
  return address === "du" && INFORMAL.includes(code) ? `${code}-informal` : code;
}

/** @param {string} file */
export async function loadWords(file) {
  return speak((await import(`./words/${file}.js`)).default);
}

/** @param {Texts} texts */
function speak({ waitUpTo, waitAbout, ...texts }) {
  const rules = new Intl.PluralRules(texts.locale);
  /** @type {(forms: Forms) => (count: number, shown?: string) => string} */
  const counted =
    (forms) =>
    (count, shown = `${count}`) =>
      fill(forms[rules.select(count)] ?? forms.other, shown);
  /** @type {(text: string) => (name: string) => string} */
  const named = (text) => (name) => fill(text, name);
  const upTo = counted(waitUpTo);
  const about = counted(waitAbout);

  /** @type {(wait: [number, number]|null) => string} */
  function wait(range) {
    if (!range) return texts.waitUnknown;
    const [least, most] = range;
    if (most <= 1) return about(1);
    if (least < 1) return upTo(most);
    return about(most, least === most ? undefined : `${least}–${most}`);
  }

  return {
    ...texts,
    chosen: `${texts.chosen} `,
    says: named(`${texts.says} `),
    typing: named(texts.typing),
    joined: named(texts.joined),
    unread: counted(texts.unread),
    left: counted(texts.left),
    over: counted(texts.over),
    found: counted(texts.found),
    /** @type {(queue: Queue|null) => string} */
    queue(queue) {
      if (!queue) return texts.seeking;
      if (queue.agents_online === 0) return texts.nobody;
      const place = queue.position > 1 ? fill(texts.place, `${queue.position}`) : texts.next;
      return `${place} · ${wait(queue.wait_minutes)}`;
    },
  };
}

/** @type {(text: string, value: string) => string} a text has one place at most */
function fill(text, value) {
  return text.replace(/\{\w+\}/, () => value);
}
