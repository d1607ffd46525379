import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'

describe.each(databases)('the latest time on %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  test('never goes back', async () => {
    expect(await store.findLatestTime()).toBeUndefined()
    for (const time of [5_000, 9_000, 7_000]) await store.noteLatestTime(time)
    expect(await store.findLatestTime()).toBe(9_000)
  })
})
