// Log in with the device itself. A form with data-passkey ("get" or "create") shows its button when the browser can do
// this; then: fetch the challenge, let the device answer, and send the form with that answer like any other form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const each = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function answer(kind, options) {
  const key = { ...options, challenge: bytes(options.challenge) };
  if (kind === "get") {
    return navigator.credentials.get({ publicKey: { ...key, allowCredentials: each(options.allowCredentials) } });
  }
  const user = { ...options.user, id: bytes(options.user.id) };
  return navigator.credentials.create({ publicKey: { ...key, user, excludeCredentials: each(options.excludeCredentials) } });
}

function sent(found) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) response[name] = text(found.response[name]);
  }
  const clientExtensionResults = found.getClientExtensionResults();
  return JSON.stringify({ id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults });
}

async function go(form) {
  const problem = form.querySelector("[data-problem]");
  problem.textContent = "";
  try {
    const asked = new FormData(form);
    asked.delete("credential");
    const challenge = await fetch(form.dataset.challenge || form.action, { method: "POST", body: asked });
    if (!challenge.ok) throw new Error(challenge.status);
    const found = await answer(form.dataset.passkey, (await challenge.json()).publicKey);
    form.elements.credential.value = sent(found);
    form.submit();
  } catch (error) {
    problem.setAttribute("role", "alert");
    problem.textContent = error.name === "InvalidStateError" ? problem.dataset.known : problem.dataset.failed;
  }
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-no-device]").forEach((part) => part.remove());
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      go(form);
    });
  });
}
