import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A proxy to PostgreSQL that can lose a response: the query runs, but its result never arrives. */
export interface LossyProxy {
  /** The database's URL through this proxy. */
  readonly url: string
  /** Loses one response, after this many have arrived, and breaks the connection. */
  readonly loseAfter: (responses: number) => void
  /** Whether it was lost. */
  readonly hasLost: () => boolean
  readonly close: () => Promise<void>
}

/** Connections that only listen or check the database. Other tests cover what they miss. */
const bystanders = ['hallpass watch', 'hallpass probe']
const readyForQuery = 'Z'.charCodeAt(0)

export async function startLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let left: number | undefined
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    let isBystander = false
    client.once('data', (startup) => {
      isBystander = bystanders.some((name) => startup.includes(name))
    })
    client.pipe(upstream)
    const countResponses = createResponseCounter()
    upstream.on('data', (bytes) => {
      const responses = countResponses(bytes)
      if (left !== undefined && !isBystander && responses > 0) {
        left -= responses
        if (left < 0) {
          left = undefined
          client.destroy()
          return
        }
      }
      client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // a server that listens on a port has an address of this type
  const own = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: own.address, port: String(own.port) }).href,
    loseAfter: (responses) => {
      left = responses
    },
    hasLost: () => left === undefined,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Counts the complete messages in a PostgreSQL stream. Each has one byte of type, four of length, and a body. */
function createResponseCounter(): (bytes: Buffer) => number {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    let responses = 0
    while (rest.length >= 5 && rest.length >= 1 + rest.readUInt32BE(1)) {
      if (rest[0] === readyForQuery) responses++
      rest = rest.subarray(1 + rest.readUInt32BE(1))
    }
    return responses
  }
}
