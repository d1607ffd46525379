import { expect, test } from 'vitest'
import { createDocumentStream, toEvent } from './document-stream.js'

test('a slow reader gets the rest of the event it began, and then only the latest one', () => {
  const stream = createDocumentStream()
  const [long, latest] = [toEvent('a'.repeat(100_000)), toEvent('latest')]
  stream.send(long)
  const first = stream.body.read() as Buffer
  expect(first.length).toBeLessThan(long.length)
  for (let count = 0; count < 1_000; count++) stream.send(toEvent(`event ${count}`))
  stream.send(latest)
  stream.beat()
  expect(stream.body.readableLength).toBeLessThan(long.length)
  const parts = [first]
  for (let part = stream.body.read(); part !== null; part = stream.body.read()) parts.push(part as Buffer)
  expect(Buffer.concat(parts).equals(Buffer.concat([long, latest]))).toBe(true)
})

test('a comment keeps the connection alive when there is nothing else to send', () => {
  const stream = createDocumentStream()
  stream.body.read()
  stream.beat()
  expect(String(stream.body.read())).toBe(':\n\n')
})
