import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface FloodRequest {
  readonly name: string
  /** Its part of all requests, in proportion to the parts of the others. */
  readonly share: number
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: object | URLSearchParams
}

/** What came back since the last report. */
export interface FloodReport {
  /** Responses by name of the request and status, such as `guest 503`. */
  readonly heard: Readonly<Record<string, number>>
  /** Requests that were due while every connection waited for a response. */
  readonly unsent: number
}

/** Another process that sends requests at a rate, whether responses come or not. */
export interface Flood {
  /** Changes the rate. Returns what came back at the rate before. */
  readonly setRate: (perSecond: number) => Promise<FloodReport>
  readonly stop: () => void
}

export async function startFlood(
  url: string,
  { connections, requests }: { readonly connections: number; readonly requests: readonly FloodRequest[] },
): Promise<Flood> {
  const { hostname: host, port } = new URL(url)
  const written = requests.map(({ name, share, ...request }) => ({ name, share, text: textOf(host, request) }))
  const script = fileURLToPath(new URL('flood.mjs', import.meta.url))
  const input = JSON.stringify({ host, port: Number(port), connections, requests: written })
  const child: ChildProcess = spawn(process.execPath, [script, input], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return {
    async setRate(perSecond) {
      const answer = once(child, 'message')
      child.send({ perSecond })
      return (await answer)[0]
    },
    stop: () => child.disconnect(),
  }
}

function textOf(host: string, { method, path, headers, body }: Omit<FloodRequest, 'name' | 'share'>): string {
  const isForm = body instanceof URLSearchParams
  const payload = body === undefined ? '' : isForm ? body.toString() : JSON.stringify(body)
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
  const all: Record<string, string> = {
    Host: host,
    ...(body === undefined ? {} : { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(payload)) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${payload}`
}
