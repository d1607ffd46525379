import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { type CommitGroups, createCommitGroups } from './commit-group.js'
import type { Sqlite } from './sqlite.js'

let commands: string[]
let time: number
let groups: CommitGroups

beforeEach(() => {
  commands = []
  time = 0
  const statement = (text: string) => ({
    returnsRows: false,
    all: () => [],
    run() {
      commands.push(text)
      return { changes: 0 }
    },
  })
  const sqlite: Sqlite = {
    prepare: statement,
    exec: (text) => void commands.push(text),
    isInTransaction: () => true,
    copyTo: async () => {},
    close() {},
  }
  groups = createCommitGroups(sqlite, { isHeld: () => false, endReads: () => {}, elapsed: () => time })
})

const write = () => void groups.open()
const wholeGroup = ['begin immediate', 'commit']

describe('a group of writes', () => {
  test('is committed after its turn if there is only one write', async () => {
    write()
    expect(commands).toEqual(['begin immediate'])
    await nextTurn()
    expect(commands).toEqual(wholeGroup)
  })

  test('grows as long as each turn brings more', async () => {
    for (let turn = 0; turn < 5; turn++) {
      write()
      write()
      await nextTurn()
      expect(commands).toEqual(['begin immediate'])
    }
    await nextTurn()
    expect(commands).toEqual(wholeGroup)
  })

  test('grows for 4 ms at most', async () => {
    write()
    write()
    time = 3.9
    await nextTurn()
    expect(commands).toEqual(['begin immediate'])
    write()
    time = 4
    await nextTurn()
    expect(commands).toEqual(wholeGroup)
  })
})
