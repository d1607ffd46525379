import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { paths } from '../system/support/fixtures/mint.js'
import { cutFetch } from '../system/support/http/cut-fetch.js'
import { openWebSocket, startHeldServer } from '../system/support/http/held-connections.js'
import { expectBelow } from '../system/support/time/slowness.js'
import { createClient, inParallel } from './support/client.js'
import { startFleet } from './support/fleet.js'
import { quantile, report } from './support/numbers.js'

const sockets = 1_000
const revocations = 100
const cutMilliseconds = 20_000

test.each(['sqlite', 'postgres'] as const)(
  `${sockets} sockets on %s, ${revocations} revoked, feed cut for 20 s: exactly those close`,
  async (database) => {
    const fleet = await startFleet({ database, replicas: 1 })
    onTestFinished(fleet.remove)
    const [baseUrl = ''] = fleet.urls()
    const client = createClient()
    const network = cutFetch()
    const held = await startHeldServer({ issuer: 'https://pass.example', baseUrl, fetch: network.fetch })
    onTestFinished(held.stop)
    const tokens = await inParallel(Array(sockets).fill(0), 8, async () => {
      const headers = { Origin: acme.origin }
      const { text } = await client.send(baseUrl + paths.guest, { body: { client_key: acme.clientKey }, headers })
      return String(JSON.parse(text).token)
    })
    const connections = await inParallel(tokens, 16, (token) => openWebSocket(held.url, token))
    const order = tokens.map((_, index) => index).sort(() => Math.random() - 0.5)
    const victims = new Set(order.slice(0, revocations))

    // revoke a quarter before the cut, half during it, and the rest after it
    const revoked = inParallel([...victims], revocations, async (index) => {
      await delay(Math.random() * cutMilliseconds * 2)
      await client.asAcme(baseUrl + paths.revoke, new URLSearchParams({ token: tokens[index] ?? '' }))
      return { index, at: performance.now() }
    })
    await delay(cutMilliseconds / 2)
    network.cut()
    const cutAt = performance.now()
    await delay(cutMilliseconds)
    const closedInCut = connections.filter((connection) => !connection.isOpen()).length
    network.mend()
    const mendedAt = performance.now()

    const delays = { connected: [] as number[], afterCut: [] as number[] }
    const revokedAt = await revoked
    // the client waits before it reopens the stream; until then it polls
    const isStream = (type: string | null) => type?.startsWith('text/event-stream') === true
    const connectedAt = network.responses.find(({ type, at }) => isStream(type) && at > mendedAt)?.at ?? Infinity
    for (const { index, at } of revokedAt) {
      const ended = await connections[index]?.ended
      expect(ended?.how).toEqual([4401, 'revoked'])
      // sessions revoked just before the cut may have had to wait until it was over
      const isInCut = at > cutAt - 1_000 && at < connectedAt
      if (isInCut && (ended?.at ?? 0) > mendedAt) delays.afterCut.push((ended?.at ?? 0) - mendedAt)
      else delays.connected.push((ended?.at ?? 0) - at)
    }
    await delay(2_000)
    const wrong = connections.filter((connection, index) => connection.isOpen() === victims.has(index))
    report(`revoke until the socket closes, ${database}`, {
      p50: Math.round(quantile(delays.connected, 0.5)),
      p99: Math.round(quantile(delays.connected, 0.99)),
      p99AfterCut: Math.round(quantile(delays.afterCut, 0.99)),
      closedBeforeTheCutEnded: closedInCut,
    })
    for (const connection of connections) connection.close()
    client.close()
    expect(wrong).toEqual([])
    expectBelow(quantile(delays.connected, 0.99), 1_000)
    expectBelow(quantile(delays.afterCut, 0.99), 10_000)
  },
)
