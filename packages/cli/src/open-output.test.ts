import { expect, test } from 'vitest'
import { openOutput } from './open-output.js'

test('stdout takes the next piece when its reader has taken the one before', async () => {
  const taken: string[] = []
  let read = () => {}
  const stdout = {
    isTTY: false,
    write(text: string, onRoom = () => {}) {
      taken.push(text)
      read = onRoom
    },
  }
  const output = await openOutput({ stdout }, undefined)
  const filled = output.fill(async (write) => {
    for (const piece of ['a', 'b']) await write(piece)
  })
  await new Promise(setImmediate)
  expect(taken).toEqual(['a'])
  read()
  await new Promise(setImmediate)
  expect(taken).toEqual(['a', 'b'])
  read()
  await filled
})
