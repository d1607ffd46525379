import { explainOrigin, parseAllowlistEntry } from '@hallpass/contracts'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer, type Page, refusal } from './support/fixtures/administer.js'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, paths } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

interface Policy {
  readonly frame_ancestors: string
  readonly host_csp: readonly string[]
  readonly cors: Record<string, string>
  readonly origin?: { readonly allowed: boolean; readonly explanation: string }
}

const server = withServer({ fixture: fixtureWithHost, config: { widgetOrigins: ['http://widgets.test'] } })
let id: string
beforeAll(async () => {
  const { data } = await bodyOf<Page<{ id: string; client_key: string }>>(await administer(server).get('client_keys'))
  id = data.find(({ client_key }) => client_key === acme.clientKey)?.id ?? ''
})

const ask = (query = '', key?: string) => administer(server).get(`client_keys/${id}/embed_policy${query}`, key)

describe('GET /v1/admin/client_keys/{client_key_id}/embed_policy', () => {
  test("is derived from the key's allowlist and the server's own URLs", async () => {
    expect(await bodyOf<Policy>(await ask())).toMatchObject({
      frame_ancestors:
        'frame-ancestors https://shop.example https://*.shop.example http://localhost:* https://localhost:*',
      host_csp: ['frame-src http://widgets.test', `script-src ${server.url}`, `connect-src ${server.url}`],
      cors: {},
    })
  })

  test.each([
    'https://shop.example',
    'https://a.b.shop.example',
    'http://shop.example',
    'null',
    'https://attacker.test',
  ])('agrees with the guest endpoint about %s, and shows its headers', async (origin) => {
    const policy = await bodyOf<Policy>(await ask(`?origin=${encodeURIComponent(origin)}`))
    const guest = await server.post(paths.guest, { client_key: acme.clientKey }, { Origin: origin })
    expect(policy.origin?.allowed).toBe(guest.status === 200)
    expect(policy.cors['Access-Control-Allow-Origin'] ?? null).toBe(guest.headers.get('access-control-allow-origin'))
    expect(policy.cors['Access-Control-Expose-Headers'] ?? null).toBe(
      guest.headers.get('access-control-expose-headers'),
    )
    const rules = [acme.origin, '*.shop.example', 'localhost:*']
      .map(parseAllowlistEntry)
      .filter((one) => one !== undefined)
    expect(policy.origin?.explanation).toBe(explainOrigin(rules, origin).explanation)
  })

  test("404 for another account's key, with the same response as for an unknown one", async () => {
    expect(await refusal(await ask('', rival.key))).toBe('404 RESOURCE_NOT_FOUND')
    expect(await refusal(await administer(server).get('client_keys/none/embed_policy'))).toBe('404 RESOURCE_NOT_FOUND')
  })
})
