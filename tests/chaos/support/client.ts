import { Agent, request } from 'node:http'
import { acme } from '../../system/support/fixtures/fixture.js'
import { bearer } from '../../system/support/servers/in-process-server.js'

/** A response, or why there was none. */
export interface Heard {
  /** 0 if no response came. */
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly milliseconds: number
  /** Why no response came, such as ECONNRESET. */
  readonly failure: string | undefined
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, parameters as a form. */
  readonly body?: object | URLSearchParams
}

/** Sends requests over keep-alive connections, with a limit of concurrent requests per server. */
export interface Client {
  readonly send: (url: string, sent?: Sent) => Promise<Heard>
  readonly asAcme: (url: string, body: object | URLSearchParams, headers?: Record<string, string>) => Promise<Heard>
  readonly close: () => void
}

/** Longer than any response may take. */
const patienceMilliseconds = 30_000

export function createClient(connections = 64): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const send: Client['send'] = (url, { method = 'POST', headers = {}, body } = {}) =>
    new Promise((resolve) => {
      const began = performance.now()
      const end = (heard: Pick<Heard, 'status'> & Partial<Heard>) =>
        resolve({ text: '', headers: {}, failure: undefined, ...heard, milliseconds: performance.now() - began })
      const isForm = body instanceof URLSearchParams
      const payload = body === undefined ? undefined : isForm ? body.toString() : JSON.stringify(body)
      const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
      const outgoing = request(url, {
        agent,
        method,
        timeout: patienceMilliseconds,
        headers: {
          ...(payload === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(payload) }),
          ...headers,
        },
      })
      outgoing.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => end({ status: response.statusCode ?? 0, text, headers: response.headers }))
        response.on('error', (error) => end({ status: 0, failure: `in the response: ${error.message}` }))
      })
      outgoing.on('timeout', () => outgoing.destroy(new Error('no response for 30 s')))
      outgoing.on('error', (error: NodeJS.ErrnoException) => end({ status: 0, failure: error.code ?? error.message }))
      outgoing.end(payload)
    })
  return {
    send,
    asAcme: (url, body, headers = {}) => send(url, { body, headers: { ...bearer(acme.key), ...headers } }),
    close: () => agent.destroy(),
  }
}

/** Processes a list with a limited number of items at a time. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T, index)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

/** Repeats work concurrently until it is stopped. */
export function keepDoing(lanes: number, work: () => Promise<void>): { stop: () => Promise<void> } {
  let going = true
  const lane = async () => {
    while (going) await work()
  }
  const all = Promise.all(Array.from({ length: lanes }, lane))
  return {
    async stop() {
      going = false
      await all
    },
  }
}
