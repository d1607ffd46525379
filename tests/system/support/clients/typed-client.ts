import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHallpassClient, HallpassClientError } from '@hallpass/client'
import { expect } from 'vitest'
import { acme } from '../fixtures/fixture.js'

interface As {
  readonly baseUrl: string
  readonly apiKey?: string
  readonly accountId?: string
  readonly origin?: string
}

/** A client of a backend or, with a page's Origin, of a browser, and all responses that it got. */
export function typedClient({ origin, ...options }: As) {
  const responses: Response[] = []
  const client = createHallpassClient({
    apiKey: acme.key,
    ...options,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers)
      if (origin !== undefined) headers.set('Origin', origin)
      const response = await fetch(url, { ...init, headers })
      responses.push(response)
      return response
    },
  })
  return { client, responses }
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<HallpassClientError> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof HallpassClientError)) expect.fail(`not a HallpassClientError: ${error}`)
  return error
}

/** Runs a function with an HTTP server that is not Hallpass. */
export async function withListener<T>(
  listener: RequestListener,
  use: (url: string, address: AddressInfo) => Promise<T>,
): Promise<T> {
  const other: Server = createServer(listener).listen(0, '127.0.0.1')
  await once(other, 'listening')
  try {
    // a server that listens on a port has an address of this type
    const address = other.address() as AddressInfo
    return await use(`http://127.0.0.1:${address.port}`, address)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}
