import { expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { assembleServer } from './support/servers/assembled-server.js'

test.each(['guest', 'config'] as const)('%s: an invalid client key is unknown, without a query', async (endpoint) => {
  const asked: string[] = []
  const noting =
    <T>(find: (name: string) => T) =>
    (name: string) => {
      asked.push(name)
      return find(name)
    }
  const assembled = await assembleServer({
    wrap: (store) => ({
      ...store,
      findClientKey: noting(store.findClientKey),
      findClientKeyIncludingDisabled: noting(store.findClientKeyIncludingDisabled),
    }),
  })
  const ask = (client_key: string) =>
    endpoint === 'guest'
      ? assembled.call(paths.guest, { headers: { Origin: acme.origin }, body: { client_key } })
      : assembled.call(`${paths.config}?${new URLSearchParams({ client_key })}`, {
          method: 'GET',
          headers: { Origin: acme.origin },
        })
  const unknown = await ask('pk_test_unknown')
  expect(unknown).toMatchObject({ status: 403, text: expect.stringContaining('Origin not in allowlist') })
  asked.length = 0
  for (const name of [
    '\u0000',
    `${acme.clientKey}\u0000`,
    '\ud800',
    'x'.repeat(8_000),
    `${acme.account} ${acme.account}`,
  ]) {
    expect(await ask(name)).toMatchObject({ status: 403, text: unknown.text })
  }
  await assembled.stop()
  expect(asked).toEqual([])
})
