// Passkeys: shows form[data-passkey] where browser and address can have them, and puts the authenticator's answer into
// the form before it is sent. The server judges it; a try that was given up leaves the page as it was.
const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (b) =>
  btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ids = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const ask = async (o) => {
  const challenge = bytes(o.challenge);
  const user = o.user && { ...o.user, id: bytes(o.user.id) };
  const publicKey = user
    ? { ...o, challenge, user, excludeCredentials: ids(o.excludeCredentials) }
    : { ...o, challenge, allowCredentials: ids(o.allowCredentials) };
  const made = await navigator.credentials[user ? "create" : "get"]({ publicKey });
  const given = PARTS.filter((name) => made.response[name]).map((name) => [name, text(made.response[name])]);
  return JSON.stringify({ id: made.id, rawId: made.id, type: made.type, response: Object.fromEntries(given) });
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const options = JSON.parse(form.dataset.passkey);
  if (!window.PublicKeyCredential || location.hostname !== (options.rpId ?? options.rp.id)) continue;
  form.hidden = false;
  let asking = false;
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (asking) return;
    asking = true;
    try {
      form.elements.answer.value = await ask(options);
      form.submit();
    } catch {
      form.querySelector("[data-failed]").hidden = false;
      delete form.dataset.sent;
    }
    asking = false;
  });
}
