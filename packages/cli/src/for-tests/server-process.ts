import { Fixture, Issues, parseWith } from '@hallpass/contracts'
import { createServer, loadConfig, systemClock } from '@hallpass/server'
import { sandbox } from '../dev/sandbox.js'
import type { FromServer, ToServer } from './messages.js'

const send = (message: FromServer) => process.send?.(message)
let shift = 0

process.on('message', (message: ToServer) => {
  if (message.type === 'start') start(message).catch((error: Error) => send({ type: 'failed', message: error.message }))
  else {
    shift += message.milliseconds
    send({ type: 'advanced' })
  }
})
// the test has ended
process.on('disconnect', () => process.exit(0))

async function start({ port, widgetOrigins, now, logLevel, fixture }: Extract<ToServer, { type: 'start' }>) {
  const flags = { port: String(port), 'database-url': ':memory:', 'log-level': logLevel, 'access-log': 'off' }
  const began = performance.now()
  const server = await createServer(loadConfig({ ...flags, 'widget-origins': widgetOrigins.join(',') }, {}), {
    fixture: fixtureOf(fixture),
    clock: { now: () => Math.floor(now + (performance.now() - began)) + shift, random: systemClock.random },
    localHostOnly: true,
  })
  await server.ready
  send({ type: 'ready', url: server.url })
}

function fixtureOf(given: object | undefined): Fixture {
  const parsed = given === undefined ? sandbox : parseWith(Fixture, given)
  if (!(parsed instanceof Issues)) return parsed
  const faults = parsed.list.map(({ reference = 'it', detail }) => `${reference} ${detail}`)
  throw new Error(`The fixture is not valid: ${faults.join('; ')}.`)
}
