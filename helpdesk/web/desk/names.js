// Colleagues by the beginning of their names, as one types them: without accents and capitals.

/** @param {string} name */
export const fold = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @type {(name: string, begun: string) => boolean} whether the name, or a later word of it, begins so; both folded */
export const isBegun = (name, begun) =>
  name.startsWith(begun) || name.split(" ").some((word) => word.startsWith(begun));
