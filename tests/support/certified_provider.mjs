// An OpenID Connect provider (npm `oidc-provider`) on loopback, with its own pages to sign in, consent and sign out.
// Arguments: the port and the metadata of its one client as JSON. It prints its issuer once it can be asked.
import { generateKeyPairSync } from "node:crypto";

import Provider from "oidc-provider";

const [port, client] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;

function makeKey(kind, options) {
  return { ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), use: "sig" };
}

const provider = new Provider(issuer, {
  clients: [JSON.parse(client)],
  clientDefaults: { backchannel_logout_session_required: true },
  enabledJWA: { clientAuthSigningAlgValues: ["ES256", "RS256"] },
  jwks: { keys: [makeKey("rsa", { modulusLength: 2048 }), makeKey("ec", { namedCurve: "P-256" })] },
  cookies: { keys: ["a key of tests"] },
  pkce: { required: () => true },
  features: { backchannelLogout: { enabled: true } },
  // By default it refuses to call loopback, and waits for two and a half seconds.
  fetch: (url, { dispatcher, signal, ...options }) => fetch(url, options),
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  // Whatever is typed as login is an account; its password is not checked.
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({ sub: login, name: login, email: `${login}@provider.example`, email_verified: true }),
  }),
});
provider.on("backchannel.error", (_, error) => console.error(error));
provider.on("server_error", (_, error) => console.error(error));

provider.listen(Number(port), "127.0.0.1", () => console.log(issuer));
