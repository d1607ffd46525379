import { setTimeout as delay } from 'node:timers/promises'
import { createVerifier, type Verifier } from '@hallpass/client/verify'
import { acme } from '../../system/support/fixtures/fixture.js'
import { paths } from '../../system/support/fixtures/mint.js'
import { type Bystander, createBystander } from './bystander.js'
import { type Client, createClient } from './client.js'
import { type Fleet, startFleet } from './fleet.js'

const feeds = { own: `/.well-known/revocations/${acme.account}`, all: '/.well-known/revocations' } as const

/** A server that Acme floods, with all the readers of feeds that production has. */
export interface FloodSide {
  readonly fleet: Fleet
  readonly url: string
  readonly client: Client
  readonly bystander: Bystander
  /** Acme's own verifier, which also holds a connection and therefore reads the stream. */
  readonly verifier: Verifier<'bridge'>
  readonly mint: () => Promise<string>
  /** The longest feeds since the last call, in bytes: Acme's own, and that of all accounts. */
  readonly takeLongest: () => { own: number; all: number }
  readonly stop: () => Promise<void>
}

export async function startFloodSide(database: 'sqlite' | 'postgres'): Promise<FloodSide> {
  const fleet = await startFleet({ database, replicas: 1 })
  const [url = ''] = fleet.urls()
  const client = createClient()
  const mint = async () => {
    const { text } = await client.asAcme(url + paths.bridge, { customer_id: acme.customer })
    return String(JSON.parse(text).data.bridge_token)
  }
  const verifier = createVerifier({
    issuer: 'https://pass.example',
    baseUrl: url,
    kind: 'bridge',
    account: acme.account,
  })
  const held = await verifier.hold(await mint())
  if (!held.ok) throw new Error(`the token was not held: ${held.reason}`)
  let longest = { own: 0, all: 0 }
  let isOver = false
  const read = async (feed: keyof typeof feeds) => {
    while (!isOver) {
      const { text } = await client.send(url + feeds[feed], { method: 'GET' })
      longest[feed] = Math.max(longest[feed], text.length)
      await delay(1_000)
    }
  }
  const reading = [read('own'), read('all')]
  return {
    fleet,
    url,
    client,
    bystander: createBystander(client, url),
    verifier,
    mint,
    takeLongest() {
      const taken = longest
      longest = { own: 0, all: 0 }
      return taken
    },
    async stop() {
      held.release()
      isOver = true
      await Promise.all(reading)
      client.close()
      await fleet.remove()
    },
  }
}
