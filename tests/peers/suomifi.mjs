// An independent SAML identity provider (samlify) in the place of Suomi.fi, for tests only.
//
// Standard input: one JSON line with {key, certificate}, its own pair; then one with {metadata}, the portal's. Standard
// output: one JSON line with {port, metadata} after the first, {ready} after the second, and later one a message heard:
// {heard: …}. It verifies each message with its own library and answers 400 to what it does not believe. It ends with
// its input.
import http from 'node:http';
import readline from 'node:readline';
import samlify from 'samlify';

const { Constants, IdentityProvider, ServiceProvider, SamlLib } = samlify;
samlify.setSchemaValidator({ validate: () => Promise.resolve('the portal validates; here the signatures count') });

const PERSON = {
  name: '_transient-eero', index: '_session-7', code: '040387-913W', first: 'Eero Olavi', given: 'Eero',
  family: 'Esimerkkilä & Öhman', display: 'Eero Esimerkkilä',
};
const TEXTS = { fi: ['Tunnistaudu', 'Keskeytä'], sv: ['Identifiera dig', 'Avbryt'], en: ['Identify', 'Cancel'] };
const ATTRIBUTES = {
  'urn:oid:1.2.246.21': 'code', 'http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName': 'first',
  'urn:oid:2.5.4.42': 'given', 'urn:oid:2.5.4.4': 'family', 'urn:oid:2.16.840.1.113730.3.1.241': 'display',
};
const LOGIN = SamlLib.defaultLoginResponseTemplate.context.replace('{AuthnStatement}',
  '<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{SessionIndex}"><saml:AuthnContext>'
  + '<saml:AuthnContextClassRef>{Level}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>');
const URI = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
let idp;
let portal;

function say(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function made({ key, certificate }, here) {
  const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
  return IdentityProvider({
    entityID: `${here}/idp`, privateKey: key, signingCert: certificate, wantAuthnRequestsSigned: true,
    isAssertionEncrypted: true, requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    dataEncryptionAlgorithm: Constants.algorithms.encryption.data.AES_256,
    keyEncryptionAlgorithm: Constants.algorithms.encryption.key.RSA_OAEP_MGF1P,
    nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:transient'],
    singleSignOnService: [{ Binding: redirect, Location: `${here}/sso` }],
    singleLogoutService: [{ Binding: redirect, Location: `${here}/slo` }],
    wantLogoutRequestSigned: true, wantLogoutResponseSigned: true,
    loginResponseTemplate: {
      context: LOGIN,
      attributes: Object.entries(ATTRIBUTES).map(([name, valueTag]) => (
        { name, valueTag, nameFormat: URI, valueXsiType: 'xs:string' })),
    },
  });
}

// The request as samlify wants it: decoded, and the signed part as it stood in the address.
function carried(address) {
  const raw = Object.fromEntries(address.search.slice(1).split('&').map((part) => part.split(/=(.*)/s).slice(0, 2)));
  const signed = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg'].filter((name) => name in raw);
  return {
    query: Object.fromEntries(address.searchParams), octetString: signed.map((name) => `${name}=${raw[name]}`).join('&'),
  };
}

async function enter(address) {
  const request = carried(address);
  const info = await idp.parseLoginRequest(portal, 'redirect', request);
  const wish = Buffer.from(info.samlContent).toString();
  if (!/ForceAuthn="true"/.test(wish) || !/Comparison="exact"/.test(wish)) throw new Error('not a demand for a fresh login');
  const now = new Date();
  const later = new Date(now.getTime() + 300_000).toISOString();
  const acs = portal.entityMeta.getAssertionConsumerService('post');
  const level = wish.match(/AuthnContextClassRef>([^<]+)</)[1];
  const values = {
    ID: idp.entitySetting.generateID(), AssertionID: idp.entitySetting.generateID(), Destination: acs, SubjectRecipient: acs,
    AssertionConsumerServiceURL: acs, Audience: portal.entityMeta.getEntityID(), EntityID: portal.entityMeta.getEntityID(),
    Issuer: idp.entityMeta.getEntityID(), IssueInstant: now.toISOString(), StatusCode: Constants.StatusCode.Success,
    ConditionsNotBefore: now.toISOString(), ConditionsNotOnOrAfter: later, SubjectConfirmationDataNotOnOrAfter: later,
    NameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient', NameID: PERSON.name,
    InResponseTo: info.extract.request.id, SessionIndex: PERSON.index, Level: level,
    ...Object.fromEntries(Object.values(ATTRIBUTES).map((tag) => [`attr${tag[0].toUpperCase()}${tag.slice(1)}`, PERSON[tag]])),
  };
  const fill = (template) => ({ id: values.ID, context: SamlLib.replaceTagsByValue(template, values) });
  const answer = await idp.createLoginResponse(portal, info, 'post', {}, {
    customTagReplacement: fill, encryptThenSign: true, relayState: request.query.RelayState,
  });
  const cancelled = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${values.AssertionID}" Version="2.0"`
    + ` IssueInstant="${values.IssueInstant}" Destination="${acs}" InResponseTo="${values.InResponseTo}"><saml:Issuer`
    + ` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${values.Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode`
    + ' Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode'
    + ' Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode></samlp:Status></samlp:Response>';
  const language = address.searchParams.get('locale');
  const [go, stop] = TEXTS[language];
  const form = (message, text) => `<form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${message}">`
    + `<input type="hidden" name="RelayState" value="${request.query.RelayState}"><button>${text}</button></form>`;
  return [200, { 'content-type': 'text/html; charset=utf-8' }, `<!doctype html><html lang="${language}"><title>Suomi.fi</title><h1>Suomi.fi</h1>`
    + form(answer.context, go) + form(Buffer.from(cancelled).toString('base64'), stop)];
}

async function leave(address) {
  const request = carried(address);
  if ('SAMLResponse' in request.query) {
    const done = await idp.parseLogoutResponse(portal, 'redirect', request);
    say({ heard: 'LogoutResponse', answers: done.extract.response.inResponseTo, relay: request.query.RelayState });
    return [200, { 'content-type': 'text/html' }, '<!doctype html><html lang="fi"><title>Suomi.fi</title><h1>Ulos</h1>'];
  }
  const info = await idp.parseLogoutRequest(portal, 'redirect', request);
  say({ heard: 'LogoutRequest', name: info.extract.nameID, index: info.extract.sessionIndex });
  const back = idp.createLogoutResponse(portal, info, 'redirect', { relayState: request.query.RelayState });
  return [303, { location: back.context }, ''];
}

// The person signs out at another service: the word to ours.
function end() {
  const word = idp.createLogoutRequest(portal, 'redirect', { logoutNameID: PERSON.name, sessionIndex: PERSON.index }, { relayState: 'peer' });
  return [303, { location: word.context }, ''];
}

const WAYS = { '/sso': enter, '/slo': leave, '/end': end };
const server = http.createServer(async (request, response) => {
  const address = new URL(request.url, 'http://127.0.0.1');
  let answer;
  try {
    answer = WAYS[address.pathname] ? await WAYS[address.pathname](address) : [404, {}, ''];
  } catch (error) {
    answer = [400, { 'content-type': 'text/plain' }, String(error.message ?? error)];
  }
  response.writeHead(answer[0], answer[1]);
  response.end(answer[2]);
});
server.listen(0, '127.0.0.1');

let keys;
for await (const line of readline.createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.key) {
    keys = told;
    const here = `http://127.0.0.1:${server.address().port}`;
    idp = made(keys, here);
    say({ port: server.address().port, metadata: idp.getMetadata() });
  } else {
    portal = ServiceProvider({ metadata: told.metadata, wantMessageSigned: true, wantLogoutRequestSigned: true, wantLogoutResponseSigned: true });
    say({ ready: true });
  }
}
server.close();
