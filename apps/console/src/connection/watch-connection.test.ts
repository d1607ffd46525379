import { expect, test } from 'vitest'
import { probeMilliseconds, slowMilliseconds, watchConnection } from './watch-connection.js'

/** A connection whose time and answers the test controls. */
function world() {
  const timers: { readonly run: () => void; readonly at: number }[] = []
  const answers: { readonly resolve: (response: Response) => void; readonly reject: (error: Error) => void }[] = []
  const asked: string[] = []
  let now = 0
  let lose: () => void = () => {}
  let isOnline = true
  const connection = watchConnection({
    fetch: (input) => {
      asked.push(String(input))
      return new Promise((resolve, reject) => answers.push({ resolve, reject }))
    },
    isOnline: () => isOnline,
    onOffline: (lost) => {
      lose = lost
    },
    later: (run, milliseconds) => {
      const timer = { run, at: now + milliseconds }
      timers.push(timer)
      return () => timers.splice(0, timers.length, ...timers.filter((other) => other !== timer))
    },
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    connection,
    asked,
    wait: async (milliseconds: number) => {
      now += milliseconds
      const due = timers.filter(({ at }) => at <= now)
      timers.splice(0, timers.length, ...timers.filter(({ at }) => at > now))
      for (const { run } of due) run()
      await settle()
    },
    answer: async () => {
      answers.shift()?.resolve(new Response())
      await settle()
    },
    fail: async () => {
      answers.shift()?.reject(new TypeError('Failed to fetch'))
      await settle()
    },
    goOffline: () => {
      isOnline = false
      lose()
    },
  }
}

test('a call that hangs is noticed after two seconds, until the server answers', async () => {
  const { connection, wait, answer } = world()
  connection.fetch('/call')
  await wait(slowMilliseconds - 1)
  expect(connection.state()).toBe('connected')
  await wait(1)
  expect(connection.state()).toBe('slow')
  await answer()
  expect(connection.state()).toBe('connected')
})

test('a server that died is noticed at once, and asked until it returns', async () => {
  const { connection, asked, wait, answer, fail } = world()
  const refused = expect(connection.fetch('/call')).rejects.toThrow('Failed to fetch')
  await fail()
  await refused
  expect(connection.state()).toBe('unreachable')
  await wait(probeMilliseconds)
  await fail()
  await wait(probeMilliseconds)
  expect(asked).toEqual(['/call', '/health/live', '/health/live'])
  await answer()
  expect(connection.state()).toBe('connected')
  await wait(10 * probeMilliseconds)
  expect(asked).toHaveLength(3)
})

test('a page that is offline says so, and an aborted call says nothing', async () => {
  const { connection, goOffline, fail } = world()
  const refused = expect(connection.fetch('/call', { signal: AbortSignal.abort() })).rejects.toThrow()
  await fail()
  await refused
  expect(connection.state()).toBe('connected')
  goOffline()
  expect(connection.state()).toBe('offline')
})
