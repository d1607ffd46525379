import { Writable } from 'node:stream'
import { type Config, createServer } from '@hallpass/server'
import { pino } from 'pino'

/** Starts and stops a server. Returns the warnings that it logged. */
export async function warningsOf(config: Config): Promise<string[]> {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      const { level, msg } = JSON.parse(chunk.toString())
      if (level === 40) lines.push(msg)
      done()
    },
  })
  const server = await createServer(config, { log: pino({ base: null }, stream), noticeMilliseconds: 0 })
  await server.ready
  await server.stop()
  return lines
}
