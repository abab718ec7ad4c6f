// Passkeys: asks the browser for one and puts its answer into the form. The only script of the
// entrance; without it everything else works.
(() => {
  "use strict";
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function create({ publicKey }) {
    const made = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: known(publicKey.excludeCredentials),
      },
    });
    return answer(made, {
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }

  async function get({ publicKey }) {
    const used = await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        allowCredentials: known(publicKey.allowCredentials),
      },
    });
    const { authenticatorData, signature, userHandle } = used.response;
    return answer(used, {
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    });
  }

  const answer = (key, response) => ({
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    authenticatorAttachment: key.authenticatorAttachment,
    clientExtensionResults: key.getClientExtensionResults(),
    response: { clientDataJSON: text(key.response.clientDataJSON), ...response },
  });

  async function optionsOf(form) {
    const { passkeyFrom, passkeyOptions } = form.dataset;
    if (passkeyOptions) return JSON.parse(document.getElementById(passkeyOptions).textContent);
    const answered = await fetch(passkeyFrom, { headers: { Accept: "application/json" } });
    if (!answered.ok) throw new Error(answered.statusText);
    return (await answered.json()).request_options;
  }

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.querySelector("form");
    const fault = part.querySelector("[data-passkey-error]");
    const say = (words) => { fault.textContent = words; fault.hidden = false; };
    if (!window.PublicKeyCredential || !navigator.credentials) {
      // On the page to log in there is another way; elsewhere say why nothing happens.
      if (!part.hidden) say(part.dataset.unable);
      continue;
    }
    part.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      fault.hidden = true;
      try {
        const ask = "passkeyCreate" in form.dataset ? create : get;
        form.elements.credential.value = JSON.stringify(await ask(await optionsOf(form)));
        form.submit();
      } catch {
        say(part.dataset.failed);
      }
    });
  }
})();
