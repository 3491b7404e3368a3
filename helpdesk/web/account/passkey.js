// Forms that a passkey fills in: the browser makes or finds one, and its answer is sent like any other field.
// A form says with `data-passkey` which of the two, with `data-options` where the server says what to ask.

/** @typedef {{ type: string, id: string, transports?: AuthenticatorTransport[] }} Named */
/** @typedef {PublicKeyCredential & { response: AuthenticatorAttestationResponse & AuthenticatorAssertionResponse }} Answer */

const WORDS_BY_ERROR = /** @type {const} */ ({
  NotAllowedError: "cancelled",
  AbortError: "cancelled",
  InvalidStateError: "exists",
  SecurityError: "address",
  TypeError: "network",
});

const canDo = isSecureContext && "PublicKeyCredential" in window;

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-passkey]"))) {
  form.hidden = !canDo;
  if (canDo) form.addEventListener("submit", (event) => void fill(event, form));
}
for (const missing of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-passkey-missing]"))) {
  missing.hidden = canDo;
}
/** @type {HTMLElement | null} */ (document.querySelector("form[data-passkey]:not([hidden]) [autofocus]"))?.focus();

/** Ask the server what to ask, then the passkey; send the form with what it says.
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form */
async function fill(event, form) {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  if (button.disabled) return;
  button.disabled = true;
  tell(form, "");
  try {
    const answer = await ask(form);
    /** @type {HTMLInputElement} */ (form.elements.namedItem("answer")).value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    tell(form, sentence(form, error));
    button.disabled = false;
    button.focus();
  }
}

/** What the server has refused, in its own words. */
class Refusal extends Error {}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const response = await fetch(form.dataset.options ?? "", {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  });
  const options = await response.json();
  if (!response.ok) throw new Refusal(options.error?.message);
  const found = form.dataset.passkey === "create" ? await create(options) : await get(options);
  return written(/** @type {Answer} */ (found));
}

/** @param {any} options as the server writes them: what is bytes stands in base64url */
async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials ?? []).map(named),
  };
  return await navigator.credentials.create({ publicKey });
}

/** @param {any} options as above */
async function get(options) {
  const allowCredentials = (options.allowCredentials ?? []).map(named);
  return await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials },
  });
}

/** @param {Named} credential */
function named(credential) {
  return { ...credential, id: bytes(credential.id) };
}

/** As JSON can hold it; the names are those of WebAuthn's own JSON forms.
 * @param {Answer} found */
function written({ id, rawId, type, response }) {
  return {
    id,
    rawId: text(rawId),
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: response.attestationObject && text(response.attestationObject),
      transports: response.getTransports?.(),
      authenticatorData: response.authenticatorData && text(response.authenticatorData),
      signature: response.signature && text(response.signature),
      userHandle: response.userHandle && text(response.userHandle),
    },
  };
}

/** @param {HTMLFormElement} form
 * @param {unknown} error */
function sentence(form, error) {
  if (error instanceof Refusal && error.message) return error.message;
  const name = /** @type {keyof typeof WORDS_BY_ERROR} */ (error instanceof Error ? error.name : "");
  const words = WORDS_BY_ERROR[name] ?? "failed";
  const template = /** @type {HTMLTemplateElement | null} */ (form.querySelector(`template[data-words=${words}]`));
  return template?.content.textContent?.trim() ?? "";
}

/** @param {HTMLFormElement} form
 * @param {string} said */
function tell(form, said) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-problem]"));
  place.textContent = said;
  place.hidden = !said;
}

/** @param {string} encoded */
function bytes(encoded) {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
