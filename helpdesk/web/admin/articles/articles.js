// The list of articles: a chosen filter applies at once.

import { byId, findAll } from "../../shared/elements.js";

const filters = byId("filters", HTMLFormElement);
for (const field of findAll(filters, "select, [type=checkbox]"))
  field.addEventListener("change", () => filters.requestSubmit());
// An empty field says nothing in the address.
filters.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});
