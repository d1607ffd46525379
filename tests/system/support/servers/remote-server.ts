import { acme } from '../fixtures/fixture.js'
import { bearer, type TestServer, testClock } from './in-process-server.js'

/** The calls of {@link TestServer} for a server in a separate process. `seen` gets the text of every response. */
export function remoteServer(url: string, seen: (body: string) => void = () => {}): TestServer {
  const send = async (method: string, path: string, headers?: HeadersInit, body?: string) => {
    const response = await fetch(url + path, {
      method,
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body }),
    })
    seen(await response.clone().text())
    return response
  }
  const merge = (...lists: (HeadersInit | undefined)[]) => {
    const merged = new Headers()
    for (const list of lists) for (const [name, value] of new Headers(list)) merged.set(name, value)
    return merged
  }
  const json = { 'Content-Type': 'application/json' }
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const post: TestServer['post'] = (path, body, headers) =>
    send('POST', path, merge(json, headers), typeof body === 'string' ? body : JSON.stringify(body))
  return {
    url,
    clock: testClock(),
    ready: Promise.resolve(),
    stop: async () => {},
    post,
    get: (path, headers) => send('GET', path, headers),
    postAsAcme: (path, body, headers) => post(path, body, merge(bearer(acme.key), headers)),
    postFromShop: (path, body, headers) => post(path, body, merge({ Origin: acme.origin }, headers)),
    postForm: (path, fields, headers) =>
      send('POST', path, merge(bearer(acme.key), form, headers), new URLSearchParams(fields).toString()),
    trpc: (procedure, input, headers) => post(`/trpc/${procedure}`, input ?? '', headers),
  }
}
