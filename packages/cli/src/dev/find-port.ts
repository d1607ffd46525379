import { createServer } from 'node:net'

const attempts = 20

/** The first free port from a number on. Undefined if the next 20 are taken. */
export async function findPort(host: string, from: number): Promise<number | undefined> {
  for (let port = from; port < from + attempts; port++) {
    if (await isFree(host, port)) return port
  }
  return undefined
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
