import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WidgetSessionError } from '../browser/errors.js'
import { createHandshake } from './handshake.js'
import { start } from './messages.js'

const origin = 'https://widgets.example'
const elsewhere = 'https://login.example'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A page with a frame, and what it learned about the documents in it. */
function openPage({ pageOrigin = 'https://shop.example', loading = 'eager' } = {}) {
  const [page, policy] = [new EventTarget(), new EventTarget()]
  vi.stubGlobal('origin', pageOrigin)
  vi.stubGlobal('document', policy)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  const contentWindow = { postMessage() {} }
  const seen: string[] = []
  const handshake = createHandshake({
    // the parts of an iframe that a handshake uses
    frame: { contentWindow, loading } as unknown as HTMLIFrameElement,
    origin,
    onDocument: () => {},
    onAnswer: () => seen.push('connected'),
    explainTimeout: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      return new WidgetSessionError('frame_silent', 'No widget responded.')
    },
    onFailure: ({ reason }) => seen.push(reason),
  })
  const tell = (target: EventTarget, type: string, details: object) =>
    target.dispatchEvent(Object.assign(new Event(type), details))
  const frameEvents = {
    load: handshake.onLoad,
    starts: () => tell(page, 'message', { data: start, source: contentWindow, origin }),
    'starts elsewhere': () => tell(page, 'message', { data: start, source: contentWindow, origin: elsewhere }),
    'is blocked': () =>
      tell(policy, 'securitypolicyviolation', { blockedURI: origin, effectiveDirective: 'frame-src' }),
  }
  return { ...handshake, seen, ...frameEvents }
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

type FrameEvent = 'load' | 'starts' | 'starts elsewhere' | 'is blocked'

/** What can become of a document: the events of its frame, before and after 20 seconds, and what the page learns. */
const documents: Readonly<Record<string, readonly [FrameEvent[], FrameEvent[], string[]]>> = {
  'is of another origin': [['starts elsewhere', 'load'], [], ['frame_redirected']],
  'is of another origin, and starts after its load': [['load', 'starts elsewhere'], [], ['frame_redirected']],
  'does not respond': [['load'], [], ['frame_silent']],
  'does not load for 20 seconds, or respond': [[], ['load'], ['frame_silent']],
  connects: [['starts', 'load'], [], ['connected']],
  'connects after 20 seconds': [['load'], ['starts'], ['frame_silent', 'connected']],
  'loads after 20 seconds, and connects': [[], ['starts', 'load'], ['frame_silent', 'connected']],
}

describe('a document in a frame', () => {
  test.each(Object.entries(documents))(
    '%s: the page learns that, and nothing else within two minutes',
    async (...one) => {
      const [, [first, later, learned]] = one
      const page = openPage()
      page.start()
      for (const event of first) page[event]()
      await pass(20)
      for (const event of later) page[event]()
      await pass(120)
      expect(page.seen).toEqual(learned)
    },
  )

  test.each<FrameEvent[][]>([[['is blocked', 'load']], [['load', 'is blocked']]])(
    "is blocked by the page's policy (%s): the page learns that once, until the frame moves",
    async (events) => {
      const page = openPage()
      page.start()
      for (const event of events) page[event]()
      await pass(120)
      expect(page.seen).toEqual(['frame_blocked'])
      for (const event of events) page[event]()
      await pass(120)
      expect(page.seen).toEqual(['frame_blocked', 'frame_blocked'])
      page.stop()
      // while it isn't in the page, no one listens for the violation
      page.start()
      page.load()
      await pass(120)
      expect(page.seen).toEqual(['frame_blocked', 'frame_blocked', 'frame_blocked'])
    },
  )

  test('is in a page without an origin: the page learns that once', async () => {
    const page = openPage({ pageOrigin: 'null' })
    page.start()
    expect(page.seen).toEqual([])
    page.load()
    page['starts elsewhere']()
    await pass(120)
    expect(page.seen).toEqual(['no_origin'])
  })

  test('is replaced while the page asks why it was silent: that says nothing about the next one', async () => {
    const page = openPage()
    page.start()
    page.load()
    await pass(12.5)
    page.load()
    await pass(5)
    page.starts()
    await pass(120)
    expect(page.seen).toEqual(['connected'])
  })

  test('is lazy: the page learns nothing about it until the browser has loaded it', async () => {
    const page = openPage({ loading: 'lazy' })
    page.start()
    await pass(120)
    expect(page.seen).toEqual([])
    page.load()
    await pass(120)
    expect(page.seen).toEqual(['frame_silent'])
  })

  test('is gone: the page learns nothing about it', async () => {
    const page = openPage()
    page.start()
    page.load()
    page.stop()
    page['is blocked']()
    page.starts()
    await pass(120)
    expect(page.seen).toEqual([])
  })
})

test('a frame loads several documents: the page learns of each of them only what it is', async () => {
  // after one that starts late, the load of the next one may also be the late one's own load
  const late = ['is of another origin, and starts after its load', 'connects after 20 seconds']
  const kinds = Object.keys(documents).filter((kind) => !late.includes(kind))
  const walk = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(walk, async (visited) => {
      const page = openPage()
      page.start()
      for (const [index, kind] of visited.entries()) {
        const [first, later, learned] = documents[kind] ?? [[], [], []]
        // the page learns of a later document when it starts or has loaded
        if (index > 0 && first.length === 0) continue
        for (const event of first) page[event]()
        await pass(20)
        for (const event of later) page[event]()
        await pass(20)
        expect(page.seen.splice(0), kind).toEqual(learned)
      }
      page.stop()
    }),
    { numRuns: 100 },
  )
})
