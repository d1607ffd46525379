import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A server behind a connection that a test can break. */
export interface UnsteadyServer {
  readonly url: string
  /** Accepts connections and answers nothing, also on those that are open. */
  readonly hang: () => void
  /** Continues with everything that has waited. */
  readonly goOn: () => void
  /** Refuses connections and ends those that are open. */
  readonly die: () => Promise<void>
  readonly comeBack: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startUnsteadyServer(target: string): Promise<UnsteadyServer> {
  const { hostname, port } = new URL(target)
  const pairs = new Map<Socket, Socket>()
  let isHanging = false
  const server = createServer((browser) => {
    const upstream = connect({ host: hostname, port: Number(port) })
    pairs.set(browser, upstream)
    const end = () => {
      pairs.delete(browser)
      browser.destroy()
      upstream.destroy()
    }
    for (const socket of [browser, upstream]) socket.on('error', end).on('close', end)
    browser.pipe(upstream)
    upstream.pipe(browser)
    if (isHanging) upstream.pause()
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const own = (server.address() as AddressInfo).port
  const die = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const browser of pairs.keys()) browser.destroy()
    await closed
  }
  return {
    url: `http://127.0.0.1:${own}`,
    hang() {
      isHanging = true
      for (const upstream of pairs.values()) upstream.pause()
    },
    goOn() {
      isHanging = false
      for (const upstream of pairs.values()) upstream.resume()
    },
    die,
    comeBack: () => listen(own),
    stop: async () => {
      if (server.listening) await die()
    },
  }
}
