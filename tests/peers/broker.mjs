// An independent, certified OpenID provider set up as a broker of the Finnish Trust Network, for tests only.
//
// Standard input: one JSON line with {client_id, redirect_uri, jwks, enc}; then one line a change while it runs:
// {"rotate": true} takes new signing keys, {"jwks": …} takes the portal's new public keys, {"enc": …} another content
// encryption. Standard output: one JSON line when each has been done, the first with the port. It ends with its input.
import http from 'node:http';
import readline from 'node:readline';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const LEVELS = ['http://ftn.ficora.fi/2017/loatest2', 'http://ftn.ficora.fi/2017/loatest3'];
const CLAIMS = [
  'acr', 'amr', 'auth_time', 'urn:oid:1.2.246.21', 'urn:oid:1.2.246.575.1.14', 'urn:oid:2.5.4.4',
  'urn:oid:1.3.6.1.5.5.7.9.1', 'personal_identity_code', 'given_name', 'family_name', 'birthdate',
];
const TEXTS = { fi: 'Tunnistaudu', sv: 'Identifiera dig' };
const PEOPLE = {
  eero: { code: '040387-913W', given: 'Eero', family: 'Esimerkkilä', born: '1987-03-04' },
  maj: { code: '220761-924C', given: 'Maj-Lis', family: 'Provström', born: '1961-07-22' },
};
const LOW = 'http://eidas.europa.eu/LoA/low';

function claimsOf(id) {
  const one = PEOPLE[id];
  return {
    sub: id, amr: ['urn:bank:one'],
    'urn:oid:1.2.246.21': one.code, 'urn:oid:1.2.246.575.1.14': one.given, 'urn:oid:2.5.4.4': one.family,
    'urn:oid:1.3.6.1.5.5.7.9.1': one.born, personal_identity_code: one.code, given_name: one.given,
    family_name: one.family, birthdate: one.born,
  };
}

async function signingKey(kid) {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' };
}

const state = { port: 0, generation: 0 };
let provider;
const server = http.createServer((request, response) => {
  const interaction = /^\/interaction\/([\w-]+)$/.exec(new URL(request.url, 'http://x').pathname);
  return interaction ? interact(request, response) : provider.callback()(request, response);
});

async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const language = (details.params.ui_locales || 'fi').split(' ')[0];
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<html lang="${language}"><h1>${TEXTS[language] || TEXTS.fi}</h1><p>${details.params.ftn_spname || ''}</p>`);
    return;
  }
  let body = '';
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  if (form.has('cancel')) {
    await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'user cancel' });
    return;
  }
  const grant = new provider.Grant({ accountId: form.get('person'), clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  const acr = form.has('low') ? LOW : LEVELS[0];
  await provider.interactionFinished(request, response, {
    login: { accountId: form.get('person'), acr, amr: ['urn:bank:one'], remember: true },
    consent: { grantId: await grant.save() },
  });
}

function build() {
  const made = new Provider(`http://127.0.0.1:${state.port}`, {
    clients: [{
      client_id: state.client_id, redirect_uris: [state.redirect_uri], response_types: ['code'],
      grant_types: ['authorization_code'], token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'RS256', request_object_signing_alg: 'RS256', jwks: state.jwks,
      id_token_signed_response_alg: 'RS256', id_token_encrypted_response_alg: 'RSA-OAEP',
      id_token_encrypted_response_enc: state.enc, require_auth_time: true, require_signed_request_object: true,
    }],
    jwks: { keys: state.keys },
    acrValues: [...LEVELS, LOW],
    claims: { openid: ['sub', ...CLAIMS], profile: [], personal_identity_code: [] },
    scopes: ['openid', 'profile', 'personal_identity_code'],
    clientAuthMethods: ['private_key_jwt'],
    conformIdTokenClaims: false,
    cookies: { keys: ['tests only'] },
    enabledJWA: { idTokenEncryptionAlgValues: ['RSA-OAEP'], idTokenEncryptionEncValues: ['A128CBC-HS256', 'A128GCM'] },
    extraParams: ['ftn_spname'],
    features: {
      devInteractions: { enabled: false },
      encryption: { enabled: true },
      requestObjects: { enabled: true, requireSignedRequestObject: true },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    findAccount: (_, id) => (PEOPLE[id] ? { accountId: id, claims: () => claimsOf(id) } : undefined),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    renderError: (ctx, out) => { ctx.type = 'json'; ctx.body = out; },
    ttl: { AuthorizationCode: 60, IdToken: 120, Interaction: 600, Session: 3600, Grant: 600, AccessToken: 60 },
  });
  return made;
}

async function take(line) {
  const { rotate, ...changes } = JSON.parse(line);
  if (rotate || state.generation === 0) {
    state.generation += 1;
    state.keys = [await signingKey(`generation-${state.generation}`)];
  }
  Object.assign(state, changes);
  if (!state.port) {
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    state.port = server.address().port;
  }
  provider = build();
  console.log(JSON.stringify({ port: state.port }));
}

const lines = readline.createInterface({ input: process.stdin });
let turn = Promise.resolve();
lines.on('line', (line) => { turn = turn.then(() => take(line)).catch((error) => { console.error(error); process.exit(1); }); });
lines.on('close', () => process.exit(0));
