import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Fixture, type WidgetSession } from '@hallpass/contracts'
import { decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider from 'oidc-provider'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import { startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { launchBrowser, leaveBrowser } from './support/launch-browser.js'
import { type Sites, serveSites } from './support/serve-pages.js'

const clientId = 'shop-web'
let offset = 0
const clock = {
  now: () => Date.now() + offset,
  random: (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))),
  advance: (milliseconds: number) => {
    offset += milliseconds
  },
}

/** A stock identity provider, which logs in anyone, and whose signing key can be replaced. */
async function startProvider(redirectUri: string) {
  let listener: RequestListener = (_, response) => response.writeHead(503).end()
  const server = createServer((request, response) => listener(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const rotate = async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const key: JWK = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: crypto.randomUUID() }
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: clientId,
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: 'none',
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['a key for cookies of a test'] },
      clientBasedCORS: () => true,
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    })
    listener = provider.callback()
  }
  await rotate()
  return {
    issuer,
    rotate,
    async stop() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** The page of the shop: it logs in with PKCE, and keeps the ID token for the test. */
const shopPage = `<!doctype html><title>shop</title><script type="module">
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
window.logIn = async (issuer) => {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  sessionStorage.setItem('login', JSON.stringify({ issuer, verifier }))
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
  const query = { client_id: '${clientId}', response_type: 'code', scope: 'openid', redirect_uri: location.origin + '/', code_challenge: challenge, code_challenge_method: 'S256' }
  location.href = issuer + '/auth?' + new URLSearchParams(query)
}
const code = new URLSearchParams(location.search).get('code')
if (code) {
  const { issuer, verifier } = JSON.parse(sessionStorage.getItem('login'))
  const form = { grant_type: 'authorization_code', client_id: '${clientId}', code, code_verifier: verifier, redirect_uri: location.origin + '/' }
  const response = await fetch(issuer + '/token', { method: 'POST', body: new URLSearchParams(form) })
  window.idToken = (await response.json()).id_token
}
</script>`

let sites: Sites
let provider: Awaited<ReturnType<typeof startProvider>>
let server: TestServer
let browser: Awaited<ReturnType<typeof launchBrowser>>
let shop = ''
beforeAll(async () => {
  sites = await serveSites()
  shop = sites.origin('localhost')
  sites.serve('localhost', '/', { body: shopPage })
  provider = await startProvider(`${shop}/`)
  server = await startServer({
    clock,
    fixture: trusting(provider.issuer),
    config: { localIssuers: true, profile: 'sandbox' },
  })
  browser = await launchBrowser()
})
afterAll(async () => {
  await leaveBrowser(browser)
  await Promise.all([server?.stop(), provider?.stop(), sites?.stop()])
})

function trusting(issuer: string): Fixture {
  const trusted_issuers = [{ issuer, jwks_uri: `${issuer}/jwks`, audience: clientId }]
  const accounts = fixture.accounts.map((account) => ({
    ...account,
    client_keys: account.client_keys.map((key) =>
      key.client_key === acme.clientKey ? { ...key, origin_allowlist: ['localhost:*'], trusted_issuers } : key,
    ),
  }))
  return Fixture.parse({ accounts })
}

/** Logs in at the provider as a person would, and returns the page of the shop with its ID token. */
async function openLoggedIn(user: string): Promise<Page> {
  const context = await browser.newContext()
  // the provider's page asks for a font on the internet
  await context.route(/^https:/, (route) => route.abort())
  const page = await context.newPage()
  await page.goto(shop)
  await page.evaluate((issuer) => void window.logIn(issuer), provider.issuer)
  await page.fill('input[name=login]', user)
  await page.fill('input[name=password]', 'any')
  await page.click('button[type=submit]')
  // the provider asks whether the shop may know who it is
  await page.click('button[type=submit]')
  await page.waitForFunction(() => window.idToken !== undefined)
  return page
}

declare global {
  var logIn: (issuer: string) => Promise<void>
  var idToken: string | undefined
}

/** Runs in the page: exchanges its ID token, as the guide shows. */
const exchange = async ({ url, client_key }: { url: string; client_key: string }) => {
  const response = await fetch(`${url}/api/v1/widget/auth/exchange`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_key, subject_token: window.idToken }),
  })
  const text = await response.text()
  return { status: response.status, text }
}
const exchangeIn = (page: Page) => page.evaluate(exchange, { url: server.url, client_key: acme.clientKey })

test('a login at a stock provider becomes a session, once, also after its key was rotated', async () => {
  const page = await openLoggedIn('ada')
  const first = await exchangeIn(page)
  expect(first.status, first.text).toBe(200)
  const session = JSON.parse(first.text) as WidgetSession
  expect(decodeJwt(session.token)).toMatchObject({ user: { id: `${provider.issuer}|ada` }, origin: shop })
  expect((await exchangeIn(page)).status).toBe(400)

  await provider.rotate()
  clock.advance(10_000)
  const afterRotation = await exchangeIn(await openLoggedIn('ada'))
  expect(afterRotation.status, afterRotation.text).toBe(200)
  expect(JSON.parse(afterRotation.text)).toMatchObject({ visitor_id: session.visitor_id })
})

test('a login from before an outage of the provider still becomes a session', async () => {
  const page = await openLoggedIn('grace')
  await provider.stop()
  const { status, text } = await exchangeIn(page)
  expect(status, text).toBe(200)
})
