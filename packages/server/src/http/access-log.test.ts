import type { FastifyReply, FastifyRequest } from 'fastify'
import { describe, expect, test } from 'vitest'
import { type AccessLog, createAccessLog } from './access-log.js'

/** What is logged of responses with these statuses, which come 10 ms apart. */
function logged(accessLog: AccessLog, statuses: readonly number[], isLevelEnabled = true): number[] {
  const lines: number[] = []
  const note = (line: object) => void lines.push((line as { status: number }).status)
  let now = 0
  const logger = { info: note, error: note, isLevelEnabled: () => isLevelEnabled }
  const log = createAccessLog({ log: logger, accessLog, clock: { now: () => now } })
  for (const statusCode of statuses) {
    // these members are all that is read
    const request = { refusal: undefined, inbound: { requestId: 'r' }, method: 'GET', routeOptions: { url: '/' } }
    log(request as unknown as FastifyRequest, { statusCode, elapsedTime: 1 } as FastifyReply)
    now += 10
  }
  return lines
}

describe('the access log', () => {
  const statuses = [200, 401, 503, 200]
  test('has a line for each request by default', () => expect(logged('all', statuses)).toEqual(statuses))
  test('has only failures if the level of the log leaves out the others', () =>
    expect(logged('all', statuses, false)).toEqual([503]))
  test('has only failures if it is off', () => expect(logged('off', statuses)).toEqual([503]))
  test('has 10 lines a second, and every failure, if it is sampled', () => {
    expect(logged('sampled', Array(150).fill(200))).toHaveLength(20)
    expect(logged('sampled', [...Array(50).fill(200), 500, 503, 200])).toEqual([...Array(10).fill(200), 500, 503])
  })
})
