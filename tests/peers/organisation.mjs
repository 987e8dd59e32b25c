// An organisation's sign-in (as Keycloak speaks), on loopback: a certified OpenID provider with groups in the ID token
// and back-channel logout. Reads {client_id, keys, redirect_uri, logout_uri, people} from its first argument, prints its
// issuer, and ends when its input does.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const wanted = JSON.parse(process.argv[2]);

const configuration = {
  clients: [{
    client_id: wanted.client_id,
    redirect_uris: [wanted.redirect_uri],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS256',
    id_token_signed_response_alg: 'RS256',
    jwks: { keys: wanted.keys },
    backchannel_logout_uri: wanted.logout_uri,
    backchannel_logout_session_required: true,
  }],
  claims: { openid: ['sub', 'groups', 'amr', 'acr', 'auth_time', 'sid'], profile: ['name'] },
  conformIdTokenClaims: false,
  clientAuthMethods: ['private_key_jwt'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['only-a-test'] },
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, IdToken: 300, AccessToken: 300, AuthorizationCode: 60 },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...wanted.people[id] }) }),
  // what a person may be asked for is agreed at work: no page of consent
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
  // its own calls reach this machine only
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
};

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.on('backchannel.error', (ctx, error) => console.error(`logout failed: ${error.message}`));
  const callback = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response);
    if (request.method !== 'POST') return response.end('<h1>Sign in</h1>');
    const form = await body(request);
    const result = form.get('account')
      ? { login: { accountId: form.get('account'), amr: form.get('amr').split(' '), remember: true } }
      : { error: 'access_denied' };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  });
  console.log(JSON.stringify({ issuer }));
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
