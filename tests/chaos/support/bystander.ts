import { setTimeout as delay } from 'node:timers/promises'
import { createVerifier } from '@hallpass/client/verify'
import { rival } from '../../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../../system/support/fixtures/mint.js'
import { bearer } from '../../system/support/servers/in-process-server.js'
import type { Client } from './client.js'

/** An account that works normally while another one floods the server. */
export interface Bystander {
  /** The duration of each call in milliseconds. */
  readonly calls: readonly number[]
  /** Failures: a failed call, or a valid token that the verifier rejected. */
  readonly faults: readonly string[]
  /** Works until it is stopped, at its own pace. */
  readonly workWhile: <T>(work: () => Promise<T>) => Promise<T>
}

/** Repeatedly mints and redeems a card token, then mints a bridge token and verifies it offline. */
export function createBystander(client: Client, url: string): Bystander {
  const [calls, faults]: [number[], string[]] = [[], []]
  const verifier = createVerifier({
    issuer: 'https://pass.example',
    baseUrl: url,
    kind: 'bridge',
    account: rival.account,
  })
  const headers = bearer(rival.key)
  const call = async (path: string, body?: object): Promise<Record<string, unknown>> => {
    const method = body ? 'POST' : 'GET'
    const heard = await client.send(url + path, { method, headers, ...(body ? { body } : {}) })
    calls.push(heard.milliseconds)
    if (heard.status === 200) return JSON.parse(heard.text)
    faults.push(`${path}: ${heard.status} ${heard.failure ?? heard.text}`)
    return {}
  }
  const turn = async () => {
    const { data } = await call(paths.bridge, { customer_id: rival.customer })
    const { bridge_token } = data as { bridge_token: string }
    const verdict = await verifier.verify(bridge_token)
    if (!verdict.ok) faults.push(`verify: ${verdict.reason}`)
    const { widget_token } = await call(cardPath(rival.card, 'REVEAL'))
    await call(paths.redeem, { widget_token, widget_type: 'REVEAL' })
  }
  return {
    calls,
    faults,
    async workWhile(work) {
      let isOver = false
      const keepOn = async () => {
        while (!isOver) {
          await turn()
          await delay(10)
        }
      }
      const lanes = [keepOn(), keepOn()]
      try {
        return await work()
      } finally {
        isOver = true
        await Promise.all(lanes)
      }
    },
  }
}
