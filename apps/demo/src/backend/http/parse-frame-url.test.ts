import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBridgeParent, parseParent } from './parse-frame-url.js'

const parse = (target: string) => {
  const { pathname, searchParams } = new URL(target, 'http://widgets.invalid')
  return parseBridgeParent(pathname, searchParams)
}

describe('the URL of the bridge widget', () => {
  test.each([
    ['/?parentOriginURL=shop.test%3A3000&parentOriginProtocol=http&allowManualEntry=true', ['http://shop.test:3000']],
    ['/?parentOriginURL=shop.test&parentOriginProtocol=https', ['https://shop.test']],
    ['/?parentOriginURL=shop.test', ['https://shop.test', 'http://shop.test']],
    ['/shop.test%3A3000/?allowManualEntry=true', ['https://shop.test:3000', 'http://shop.test:3000']],
    ['/shop.test:3000', ['https://shop.test:3000', 'http://shop.test:3000']],
    ['/[::1]:3000/', ['https://[::1]:3000', 'http://[::1]:3000']],
  ])('%s names %j', (target, origins) => {
    expect(parse(target)).toEqual(origins)
  })

  test.each([
    '/',
    '/?parentOriginURL=',
    '/?parentOriginURL=shop.test&parentOriginURL=attacker.test&parentOriginProtocol=https',
    '/?parentOriginURL=shop.test&parentOriginProtocol=https&parentOriginProtocol=http',
    '/?parentOriginURL=shop.test&parentOriginProtocol=javascript',
    '/?parentOriginURL=shop.test/path&parentOriginProtocol=https',
    '/?parentOriginURL=user@shop.test&parentOriginProtocol=https',
    '/?parentOriginURL=SHOP.test&parentOriginProtocol=https',
    '/?parentOriginURL=shop.test:443&parentOriginProtocol=https',
    '/?parentOriginURL=shop.test%20attacker.test&parentOriginProtocol=https',
    '/?parentOriginURL=shop.test;&parentOriginProtocol=https',
    '/%E0%A4%A/',
    '/a/b/',
  ])('%s names no page', (target) => {
    expect(parse(target)).toEqual([])
  })

  test('returns only origins in the form that browsers send', () => {
    const isOrigin = (text: string) => new URL(text).origin === text && !/[\s;,'"<>]/.test(text)
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, protocol) => {
        const named = new URLSearchParams({ parentOriginURL: host, parentOriginProtocol: protocol })
        const found = [
          ...parseBridgeParent('/', named),
          ...parseBridgeParent(`/${encodeURIComponent(host.toWellFormed())}/`, new URLSearchParams()),
          ...parseParent(new URLSearchParams({ parent: `${protocol}://${host}` })),
        ]
        expect(found.filter((origin) => !isOrigin(origin))).toEqual([])
      }),
    )
  })

  test('returns the origin that a client encoded', () => {
    fc.assert(
      fc.property(
        fc.domain(),
        fc.integer({ min: 1024, max: 65_535 }),
        fc.constantFrom('http', 'https'),
        (name, port, protocol) => {
          const origin = new URL(`${protocol}://${name}:${port}`).origin
          const host = origin.replace(`${protocol}://`, '')
          const query = new URLSearchParams({ parentOriginURL: host, parentOriginProtocol: protocol })
          expect(parseBridgeParent('/', query)).toEqual([origin])
          expect(parseBridgeParent(`/${encodeURIComponent(host)}/`, new URLSearchParams())).toContain(origin)
        },
      ),
    )
  })
})
