import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to PostgreSQL on which an answer can get lost: what was asked is done, and nobody hears of it. */
export interface AnswerLoser {
  /** The database's URL, by this way. */
  readonly url: string
  /** Loses one answer: after so many that arrive. The connection breaks with it. */
  readonly loseAfter: (answers: number) => void
  /** Whether it has lost it. */
  readonly hasLost: () => boolean
  readonly close: () => Promise<void>
}

/** Connections that only listen, or see whether the database is back; what they miss is another test's. */
const bystanders = ['hallpass watch', 'hallpass probe']
const readyForQuery = 'Z'.charCodeAt(0)

export async function startAnswerLoser(databaseUrl: string): Promise<AnswerLoser> {
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
    const countAnswers = createAnswerCounter()
    upstream.on('data', (bytes) => {
      const answers = countAnswers(bytes)
      if (left !== undefined && !isBystander && answers > 0) {
        left -= answers
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
  // a server that listens on a port has such an address
  const own = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: own.address, port: String(own.port) }).href,
    loseAfter: (answers) => {
      left = answers
    },
    hasLost: () => left === undefined,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Counts what a stream of PostgreSQL's messages completes: each is a byte of type, four of length, and the rest. */
function createAnswerCounter(): (bytes: Buffer) => number {
  let rest = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    let answers = 0
    while (rest.length >= 5 && rest.length >= 1 + rest.readUInt32BE(1)) {
      if (rest[0] === readyForQuery) answers++
      rest = rest.subarray(1 + rest.readUInt32BE(1))
    }
    return answers
  }
}
