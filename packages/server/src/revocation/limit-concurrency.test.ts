import { expect, test } from 'vitest'
import { limitConcurrency } from './limit-concurrency.js'

/** Tasks that run until the test ends them. */
function setUp(atOnce: number, mostWaiting: number) {
  const limit = limitConcurrency(atOnce, mostWaiting)
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const start = (name: string) =>
    limit(() => {
      begun.push(name)
      return new Promise<string>((resolve, reject) =>
        ends.set(name, (error) => (error ? reject(error) : resolve(name))),
      )
    })
  return { begun, start, end: (name: string, error?: Error) => ends.get(name)?.(error) }
}

test('two run at a time, and the next one starts when one ends, even if it failed', async () => {
  const { begun, start, end } = setUp(2, 10)
  const all = ['a', 'b', 'c', 'd'].map(start)
  expect(begun).toEqual(['a', 'b'])
  end('b')
  expect(await all[1]).toBe('b')
  expect(begun).toEqual(['a', 'b', 'c'])
  const failure = new Error('it failed')
  end('a', failure)
  await expect(all[0]).rejects.toBe(failure)
  expect(begun).toEqual(['a', 'b', 'c', 'd'])
})

test('a slot is free again if no task waited for it', async () => {
  const { begun, start, end } = setUp(1, 10)
  for (const name of ['a', 'b']) {
    const running = start(name)
    expect(begun.at(-1)).toBe(name)
    end(name)
    await running
  }
})

test('503 only for a task beyond the queue', async () => {
  const { begun, start, end } = setUp(1, 2)
  const all = ['a', 'b', 'c'].map(start)
  await expect(start('d')).rejects.toMatchObject({ reason: 'unavailable' })
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    end(name)
    expect(await all[index]).toBe(name)
  }
  expect(begun).toEqual(['a', 'b', 'c'])
})
