import { type Fixture, Fixture as FixtureSchema, type KindDeclaration, maxKinds } from '@hallpass/contracts'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { bearer, startServer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const report = {
  name: 'report-viewer',
  title: 'Report viewer',
  form: 'jwt',
  ttl_seconds: { default: 600, max: 3600 },
  actions: ['view', 'export'],
  resource: 'required',
  claims: { type: 'object', properties: { rows: { type: 'array', items: { type: 'string' } } } },
} as const

interface Shown extends KindDeclaration {
  readonly revision: number
  readonly disabled: boolean
}

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

const put = (declaration: object, name = report.name as string, key: string = hostKey, more = {}) =>
  fetch(`${server.url}/v1/admin/kinds/${name}`, {
    method: 'PUT',
    headers: { ...bearer(key), 'Content-Type': 'application/json', ...more },
    body: JSON.stringify(declaration),
  })
const declare = async (declaration: { readonly name: string }) =>
  bodyOf<Shown>(await put(declaration, declaration.name))
const problem = async (response: Response) => {
  const body: { status: number; code: string; detail: string } = await response.json()
  return { status: body.status, code: body.code, detail: body.detail }
}

/** The usual fixture, in which Acme has these kinds. */
const withKinds = (kinds: readonly object[]): Fixture =>
  FixtureSchema.parse({
    accounts: fixtureWithHost.accounts.map((account) =>
      account.id === acme.account ? { ...account, kinds } : account,
    ),
  })

describe('PUT /v1/admin/kinds/{name}', () => {
  test('200 with the declaration, its defaults and its revision; the response is accepted back', async () => {
    const shown = await declare(report)
    expect(shown).toEqual({
      ...report,
      uses: null,
      start_within_seconds: null,
      audience: 'report-viewer',
      typ: 'report-viewer+jwt',
      minted_by: ['secret_key'],
      revision: 1,
      disabled: false,
    })
    expect(await declare(shown)).toEqual(shown)
    expect(await bodyOf(await admin.get('kinds/report-viewer'))).toEqual(shown)
    expect((await admin.listAll<Shown>('kinds', 1)).map(({ name }) => name)).toContain('report-viewer')
    const change = { operation: 'admin.kinds.put', target_id: 'report-viewer' }
    expect(await admin.history(100)).toContainEqual(expect.objectContaining(change))
  })

  test('a change adds one to the revision; with a revision, only if it is the current one', async () => {
    const { revision } = await declare({ ...report, name: 'changing' })
    const changed = { ...report, name: 'changing', title: 'Reports' }
    expect((await declare({ ...changed, revision } as never)).revision).toBe(revision + 1)
    const late = await put({ ...changed, title: 'Late', revision }, 'changing')
    expect(await problem(late)).toMatchObject({ status: 422, detail: expect.stringContaining('has the revision 2') })
    expect((await put({ ...report, name: 'missing', revision: 1 }, 'missing')).status).toBe(404)
    const races = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        put({ ...changed, title: `Race ${index}`, revision: revision + 1 }, 'changing'),
      ),
    )
    expect(races.map(({ status }) => status).toSorted()).toEqual([200, 422, 422, 422, 422])
  })

  test.each([
    ['form', { form: 'opaque' }],
    ['audience', { audience: 'https://other.example' }],
    ['typ', { typ: 'JWT' }],
  ])('422 for another %s, which never changes', async (field, change) => {
    const own = { ...report, name: `keeps-${field}`, audience: `https://${field}.example`, typ: 'at+jwt' }
    await declare(own)
    const { typ, ...rest } = { ...own, ...change }
    const wanted = field === 'form' ? rest : { ...rest, typ }
    expect(await problem(await put(wanted, own.name))).toEqual({
      status: 422,
      code: 'INVALID_STATUS',
      detail: `The ${field} of a kind cannot be changed. Declare a kind with another name.`,
    })
  })

  test('422 with the path of what is wrong, and 403 without the scope', async () => {
    const hostile = { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } }
    const response = await put({ ...report, claims: hostile })
    expect(response.status).toBe(422)
    expect(JSON.stringify(await response.json())).toContain('claims.properties.a.pattern')
    const reader = await admin.createKey(['admin:read'])
    expect(await refusal(await put(report, report.name, reader.secret))).toBe('403 FORBIDDEN')
    expect((await admin.get('kinds', reader.secret)).status).toBe(200)
  })

  test('an audience is of one kind of one account, and of no client key', async () => {
    const audience = 'https://reports.example'
    await declare({ ...report, name: 'owner', audience, typ: 'JWT' } as never)
    const again = { ...report, name: 'second', audience }
    expect(await refusal(await put(again, 'second'))).toBe('422 INVALID_STATUS')
    expect(await refusal(await put(again, 'second', rival.key))).toBe('422 INVALID_STATUS')
    expect((await admin.get('kinds/second')).status).toBe(404)
    const agent = { id: 'agent_1', display_name: 'Ada' }
    const taken = { agent, session_token: { audience } }
    expect(await refusal(await admin.post('client_keys', taken))).toBe('422 INVALID_STATUS')
    // a name is everyone's, so it can't become the audience of one, nor the other way round
    const named = { agent, session_token: { audience: 'owner-of-none' } }
    await declare({ ...report, name: 'owner-of-none' })
    expect((await put({ ...report, name: 'owner-of-none' }, 'owner-of-none', rival.key)).status).toBe(200)
    expect(await refusal(await admin.post('client_keys', named, rival.key))).toBe('422 INVALID_STATUS')
    const first = { agent, session_token: { audience: 'my-gateway' } }
    expect((await admin.post('client_keys', first)).status).toBe(200)
    expect(await refusal(await put({ ...report, name: 'my-gateway' }, 'my-gateway', rival.key))).toBe(
      '422 INVALID_STATUS',
    )
  })
})

describe('accounts', () => {
  test('404 for a kind of another account, as for one that does not exist', async () => {
    await declare({ ...report, name: 'private' })
    const [foreign, unknown] = [await admin.get('kinds/private', rival.key), await admin.get('kinds/none', rival.key)]
    expect([foreign.status, await foreign.json()]).toEqual([404, await unknown.json()])
    expect((await admin.post('kinds/private/disable', {}, rival.key)).status).toBe(404)
    const acting = { 'Straddle-Account-Id': child.account }
    expect((await admin.get('kinds/private', hostKey, acting)).status).toBe(404)
    expect((await put({ ...report, name: 'private' }, 'private', hostKey, acting)).status).toBe(200)
  })
})

test('POST …/disable: 200 with disabled, for good', async () => {
  await declare({ ...report, name: 'ending' })
  for (let call = 0; call < 2; call++)
    expect(await bodyOf(await admin.post('kinds/ending/disable', {}))).toMatchObject({ disabled: true, revision: 1 })
  expect(await problem(await put({ ...report, name: 'ending' }, 'ending'))).toMatchObject({
    status: 422,
    detail: expect.stringContaining('for good'),
  })
})

test('422 for one kind more than an account may have, over all calls at once', async () => {
  const kinds = Array.from({ length: maxKinds - 2 }, (_, index) => ({ ...report, name: `kind-${index}` }))
  const full = await startServer({ fixture: withKinds(kinds) })
  try {
    const responses = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        fetch(`${full.url}/v1/admin/kinds/more-${index}`, {
          method: 'PUT',
          headers: { ...bearer(hostKey), 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...report, name: `more-${index}` }),
        }),
      ),
    )
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 200, 422, 422, 422])
    const refused = responses.find(({ status }) => status === 422)
    expect(await refused?.json()).toMatchObject({ detail: expect.stringContaining(`already has ${maxKinds} kinds`) })
  } finally {
    await full.stop()
  }
})

test('a fixture keeps a disabled kind disabled', async () => {
  const other = await startServer({ fixture: withKinds([{ ...report, disabled: true }]) })
  try {
    const shown = await other.get('/v1/admin/kinds/report-viewer', bearer(hostKey))
    expect(await shown.json()).toMatchObject({ name: 'report-viewer', disabled: true, revision: 1 })
  } finally {
    await other.stop()
  }
})
