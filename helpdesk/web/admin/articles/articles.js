// The list of articles: a chosen filter applies at once.

const filters = document.getElementById("filters");
for (const field of filters.querySelectorAll("select, [type=checkbox]"))
  field.addEventListener("change", () => filters.requestSubmit());
// An empty field says nothing in the address.
filters.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});
