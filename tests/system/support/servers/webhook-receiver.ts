import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type WebhookType, webhookSchema } from '@hallpass/contracts'
import { afterAll, beforeAll, vi } from 'vitest'
import { schemaIssues } from '../http/schema-issues.js'

/** A request that a receiver got. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly event: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> }
}

type Respond = (received: Received, response: ServerResponse) => void

/** How often a server looks for due webhooks. */
const pollMilliseconds = 500

/** The servers of a file look for due webhooks when `untilNextLook` says so, instead of twice a second. */
export function withFakeIntervals(): void {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterAll(() => void vi.useRealTimers())
}

/** Waits until the servers of this process have looked for due webhooks, and may have sent them. */
export async function untilNextLook(): Promise<void> {
  if (vi.isFakeTimers()) vi.advanceTimersByTime(pollMilliseconds)
  await delay(20)
}

/** A receiver of webhooks. It answers 204 until `answer` changes that. */
export async function startReceiver() {
  const got: Received[] = []
  let respond: Respond = (_, response) => void response.writeHead(204).end()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString('utf8')
    const received = { path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) }
    got.push(received)
    respond(received, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    got,
    answer: (how: Respond) => {
      respond = how
    },
    /** Waits until it got so many requests, at any path or at one. */
    async waitFor(count: number, path?: string): Promise<Received[]> {
      const those = () => got.filter((one) => path === undefined || one.path === path)
      for (const end = performance.now() + 30_000; those().length < count && performance.now() < end; )
        await untilNextLook()
      if (those().length < count) throw new Error(`${those().length} of ${count} webhooks came`)
      return those()
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Whether one of the signatures is by this secret (Standard Webhooks 1.0.0). */
export function isSigned({ headers, body }: Pick<Received, 'headers' | 'body'>, secret: string): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(expected)
}

/** How an event deviates from its documented schema, which leaves no room here for fields that aren't documented. */
export function eventIssues(event: Received['event']): string[] {
  const { properties, ...schema } = webhookSchema(event.type as WebhookType)
  const data = { ...properties.data, additionalProperties: false }
  return schemaIssues({ ...schema, properties: { ...properties, data }, additionalProperties: false }, event)
}
