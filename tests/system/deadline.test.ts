import { expect, onTestFinished, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'
import type { Store } from './support/servers/server-parts.js'

/** A monotonic time that a test moves on, and its timers. */
function movableTime() {
  let now = 0
  let timers: { readonly at: number; readonly run: () => void }[] = []
  return {
    elapsed: () => now,
    startTimer: (milliseconds: number, run: () => void) => void timers.push({ at: now + milliseconds, run }),
    pass(milliseconds: number) {
      now += milliseconds
      const due = timers.filter(({ at }) => at <= now)
      timers = timers.filter(({ at }) => at > now)
      for (const { run } of due) run()
    },
  }
}

/** Before each of these decisions, the store waits until the test lets it go on. */
function waitBefore(store: Store, held: { wait: () => Promise<void> }): Store {
  const waiting = (own: Store): Store => ({
    ...own,
    redeemCardToken: async (...args) => {
      await held.wait()
      return own.redeemCardToken(...args)
    },
    transaction: (run) => own.transaction((tx) => run(waiting(tx))),
  })
  return waiting(store)
}

test('503 at the deadline if waits add up; what is committed later stays for a repeat', async () => {
  const time = movableTime()
  const planted = { isOn: false, waits: 0, release: () => {} }
  const wait = () =>
    planted.isOn
      ? new Promise<void>((resolve) => {
          planted.waits++
          planted.release = resolve
        })
      : Promise.resolve()
  const server = await assembleServer({ wrap: (store) => waitBefore(store, { wait }), time })
  onTestFinished(server.stop)
  const headers = bearer(acme.key)
  const minted = await server.call(cardPath(acme.activeCard, 'REVEAL'), { method: 'GET', headers })
  const body = { widget_token: minted.body.widget_token, widget_type: 'REVEAL' }
  const redeem = (more = {}) => server.call(paths.redeem, { headers: { ...headers, ...more }, body })

  planted.isOn = true
  const late = redeem({ 'idempotency-key': 'the first' })
  await expect.poll(() => planted.waits).toBe(1)
  time.pass(4_400)
  // no call may take longer, whatever it waits for
  time.pass(100)
  const { status, headers: sent, body: refusal } = await late
  expect({ status, retry: sent.get('retry-after'), code: refusal.code }).toEqual({
    status: 503,
    retry: '1',
    code: 'UNAVAILABLE',
  })
  planted.isOn = false
  planted.release()
  await expect.poll(async () => (await redeem()).body.code).toBe('TOKEN_ALREADY_USED')
  const repeat = await redeem({ 'idempotency-key': 'the first' })
  expect([repeat.status, repeat.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
})
