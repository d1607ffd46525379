import { describe, test } from 'vitest'
import { walk } from '../system/support/clients/random-walks.js'
import { boundFixture } from '../system/support/fixtures/bound-client-keys.js'
import { withServer } from '../system/support/servers/with-server.js'

const server = withServer({ fixture: boundFixture })

describe('100 random walks of a visitor over three tabs', () => {
  test('lose no session if every response arrives', async () => {
    await walk(server, { runs: 100, isSafe: true })
  })

  test('report no revocation, even if pages are killed, responses are lost or storage is refused', async () => {
    await walk(server, { runs: 100, isSafe: false })
  })

  test('are the same with sessions that are bound to a key', async () => {
    await walk(server, { runs: 100, isSafe: true, isBound: true })
    await walk(server, { runs: 100, isSafe: false, isBound: true })
  })
})
