import { expect, test } from 'vitest'
import { filesUnder, readText } from './support/repository.js'

const sources = filesUnder('packages/server/src', '.ts').filter((path) => !path.endsWith('.test.ts'))
/** An error whose message is written where it is thrown. */
const ownMessage = /\bnew HallpassError\(\s*[^,()]+,\s*(['"`])/

test('the messages of errors come from error-messages.ts', () => {
  expect(sources.filter((path) => ownMessage.test(readText(path)))).toEqual([])
})

test('a message that is written elsewhere is found', () => {
  expect("throw new HallpassError('not_found', 'No such card.')").toMatch(ownMessage)
  expect('throw new HallpassError(\n  reason,\n  `No card.`)').toMatch(ownMessage)
  expect("new HallpassError('not_found', messages.noCustomer)").not.toMatch(ownMessage)
})
