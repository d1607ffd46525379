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

/** A client as a backend or, with its page's Origin, a browser has it; and every answer it was given. */
export function typedClient({ origin, ...options }: As) {
  const answers: Response[] = []
  const client = createHallpassClient({
    apiKey: acme.key,
    ...options,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers)
      if (origin !== undefined) headers.set('Origin', origin)
      const response = await fetch(url, { ...init, headers })
      answers.push(response)
      return response
    },
  })
  return { client, answers }
}

/** The failure of a call that has to fail. */
export async function failureOf(call: Promise<unknown>): Promise<HallpassClientError> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof HallpassClientError)) expect.fail(`not a HallpassClientError: ${error}`)
  return error
}

/** Runs something against an HTTP server that is not Hallpass. */
export async function withListener<T>(
  listener: RequestListener,
  use: (url: string, address: AddressInfo) => Promise<T>,
): Promise<T> {
  const other: Server = createServer(listener).listen(0, '127.0.0.1')
  await once(other, 'listening')
  try {
    // a server that listens on a port has such an address
    const address = other.address() as AddressInfo
    return await use(`http://127.0.0.1:${address.port}`, address)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}
