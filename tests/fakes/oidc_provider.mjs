// A certified OpenID Connect provider (the package oidc-provider) with made-up people, for tests:
//   node oidc_provider.mjs PORT '{"clients": [...], "people": {"ada": {"email": ..., "amr": [...], "acr": ...}}}'
// Its page for signing in asks for nothing but the name.

import http from "node:http";
import { Provider } from "oidc-provider";

const port = Number(process.argv[2]);
const { clients, people } = JSON.parse(process.argv[3]);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients,
  acrValues: ["two"],
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name", "groups"],
    amr: null,
    acr: null,
  },
  cookies: { keys: ["only-for-tests"] },
  features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ ...people[id], sub: id }) }),
});

/** @param {http.IncomingMessage} request */
async function readBody(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
async function interact(request, response) {
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    response.end(
      '<title>Directory</title><form method="post"><input name="login" aria-label="Name"><button>Go</button></form>',
    );
    return;
  }
  const { params } = await provider.interactionDetails(request, response);
  const login = (await readBody(request)).get("login") ?? "";
  if (!(login in people)) {
    await provider.interactionFinished(request, response, { error: "access_denied" });
    return;
  }
  const grant = new provider.Grant({ accountId: login, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  grant.addOIDCClaims(["amr", "acr"]);
  const { amr, acr } = people[login];
  const result = { login: { accountId: login, amr, acr }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

http
  .createServer((request, response) => {
    if (request.url?.startsWith("/interaction/")) interact(request, response);
    else provider.callback()(request, response);
  })
  .listen(port, "127.0.0.1");
