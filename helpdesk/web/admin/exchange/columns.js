// What an admin says the columns of a file's tables are.

import { find, findAll } from "../../shared/elements.js";

/** @typedef {{ role: string, language: string | null }} ColumnUse */
/** @typedef {{ header_row: number | null, columns: ColumnUse[] }} ColumnMapping */

/**
 * The mapping of each table that is shown, by its name.
 * @param {ParentNode} shown
 * @returns {Record<string, ColumnMapping>}
 */
export function readMappings(shown) {
  return Object.fromEntries(findAll(shown, "[data-table]").map((table) => [table.dataset.table ?? "", readOne(table)]));
}

/**
 * @param {HTMLElement} table
 * @returns {ColumnMapping}
 */
function readOne(table) {
  const header = find(table, "[data-header]", HTMLSelectElement).value;
  const columns = findAll(table, "[data-column]", HTMLSelectElement).map(({ value }) => {
    const [role, language = null] = value.split(":");
    return { role, language };
  });
  return { header_row: header ? Number(header) : null, columns };
}
