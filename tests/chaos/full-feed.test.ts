import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { writeDirectly } from '../system/support/servers/new-database.js'
import type { Fleet } from './support/fleet.js'
import { type FloodSide, startFloodSide } from './support/flood-side.js'
import { quantile, report } from './support/numbers.js'
import { findPace, floodRevocations, newSessionId } from './support/revocation-flood.js'

/*
 * One account revokes 400,000 sessions, which must not affect another account. Load on the machine can slow both down,
 * so a second server alternates with the first: it gets as many calls of the same operation at the same pace, but for a
 * session that has already ended, so nothing is revoked. ⏎  ⏎ 400,000 calls take hours on a small machine.
 * HALLPASS_FLOOD_CALLS sets how many are made over HTTP. The others are written as rows, like those of an older version
 * of the server, which counts no names.
 */

const total = 400_000
const overHttp = Number(process.env.HALLPASS_FLOOD_CALLS ?? 110_000)
const sliceCalls = 400
const rowsAtOnce = 10_000
/** From this point the server writes a cutoff instead of another name. */
const mostNames = 50_000
/** The size of these names in a feed, in base64url, and of the rest of it. */
const longestCounted = (mostNames * 16 * 4) / 3 + 20_000
/** The longest feed that a verifier accepts. */
const longestAccepted = 8_000_000
/** A full read happens within five seconds, but takes longer on a busy machine. */
const settleMilliseconds = 15_000

let sides: FloodSide[] = []
afterEach(async () => {
  await Promise.all(sides.map((side) => side.stop()))
  sides = []
})

const databaseOf = ({ folder, databaseUrl }: Fleet) =>
  databaseUrl.startsWith('file:') ? `file:${join(folder, 'hallpass.db')}` : databaseUrl

const revokeRows = (fleet: Fleet, batch: number) => {
  const now = Date.now()
  const rows = Array.from({ length: rowsAtOnce }, (_, index) => {
    const sid = newSessionId(now, total + batch * rowsAtOnce + index)
    return `('${acme.account}', '${sid}', 0, ${now}, ${now + 86_400_000})`
  })
  const columns = '(account_id, sid, counter, revoked_at, expires_at)'
  return writeDirectly(databaseOf(fleet), `insert into sessions ${columns} values ${rows.join(', ')}`)
}

/** Alternates the same load between both sides. Returns the cutoffs that were written because the feed was full. */
async function floodInTurns(flooded: FloodSide, control: FloodSide): Promise<{ perSecond: number; cutoffs: number }> {
  const perSecond = await findPace(control)
  const ended = newSessionId(Date.now(), 0)
  let cutoffs = 0
  const slice = async (side: FloodSide, from: number) => {
    const idOf = (index: number) => (side === control ? ended : newSessionId(Date.now(), from + index + 1))
    const flood = () => floodRevocations(side, { calls: sliceCalls, perSecond, idOf })
    const { cutoffs: written } = await side.bystander.workWhile(flood)
    cutoffs += written.length
  }
  for (let from = 0; from < overHttp; from += sliceCalls) {
    const isSwapped = (from / sliceCalls) % 2 === 1
    for (const side of isSwapped ? [flooded, control] : [control, flooded]) await slice(side, from)
  }
  return { perSecond, cutoffs }
}

/** A server on a busy machine needs time to read so many rows. */
const untilRevoked = ({ verifier }: FloodSide, token: string) =>
  expect
    .poll(() => verifier.verify(token), { timeout: 120_000, interval: 1_000 })
    .toMatchObject({ ok: false, reason: 'revoked' })

const shown = ({ bystander: { calls } }: FloodSide) => ({
  calls: calls.length,
  p50: Math.round(quantile(calls, 0.5)),
  p99: Math.round(quantile(calls, 0.99)),
})

describe.each(['sqlite', 'postgres'] as const)('400,000 revocations by one account, %s', (database) => {
  test("don't affect another account's calls and verifier, and no feed is too long", {
    timeout: 7_200_000,
  }, async () => {
    sides = [await startFloodSide(database), await startFloodSide(database)]
    const [flooded, control] = sides as [FloodSide, FloodSide]
    const early = await flooded.mint()
    expect(await flooded.verifier.verify(early)).toMatchObject({ ok: true })
    const { perSecond, cutoffs } = await floodInTurns(flooded, control)
    await delay(settleMilliseconds)
    const counted = flooded.takeLongest()
    const [one, other] = [shown(flooded), shown(control)]
    const ratio = one.p99 / other.p99
    report(`${overHttp} revocations over HTTP, ${database}`, {
      perSecond,
      flooded: one,
      control: other,
      ratio,
      counted,
      cutoffs,
    })
    expect(counted.own).toBeLessThan(longestCounted)
    expect(cutoffs).toBe(Math.floor(overHttp / (mostNames + 1)))
    if (cutoffs > 0) await untilRevoked(flooded, early)

    await flooded.bystander.workWhile(async () => {
      for (let batch = 0; batch * rowsAtOnce < total - overHttp; batch++)
        await Promise.all([revokeRows(flooded.fleet, batch), delay(1_000)])
      await delay(settleMilliseconds)
    })
    const uncounted = flooded.takeLongest()
    report(`${total - overHttp} more as rows, ${database}`, uncounted)
    expect(uncounted.own).toBeGreaterThan(1_000_000)
    expect(Math.max(uncounted.own, uncounted.all)).toBeLessThan(longestAccepted)
    expect([...flooded.bystander.faults, ...control.bystander.faults]).toEqual([])
    // the account itself keeps working
    await untilRevoked(flooded, early)
    expect(await flooded.verifier.verify(await flooded.mint())).toMatchObject({ ok: true })
    // with fewer calls, the slowest few are not meaningful
    expect(Math.min(one.calls, other.calls)).toBeGreaterThan(1_000)
    expect(ratio).toBeLessThanOrEqual(1.5)
  })
})
