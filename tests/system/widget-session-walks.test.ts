import { describe, test } from 'vitest'
import { walk } from './support/clients/random-walks.js'
import { boundFixture } from './support/fixtures/bound-client-keys.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: boundFixture })

// tests/chaos/widget-session-walks.test.ts takes more of them
describe('a visitor who uses three tabs at random', () => {
  test('loses no session, and is never shown as logged in after a logout', async () => {
    await walk(server, { runs: 12, isSafe: true })
  })

  test('sees no revocation if pages are killed, responses are lost or storage is refused', async () => {
    await walk(server, { runs: 12, isSafe: false })
  })

  test('are the same with sessions that are bound to a key', async () => {
    await walk(server, { runs: 4, isSafe: true, isBound: true })
    await walk(server, { runs: 4, isSafe: false, isBound: true })
  })
})
