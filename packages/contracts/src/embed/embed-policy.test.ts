import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowsOrigin, parseAllowlistEntry } from '../allowlist.js'
import { embedPolicy, frameAncestors } from './embed-policy.js'
import { explainOrigin } from './explain-origin.js'

const rulesOf = (...entries: string[]) => entries.map(parseAllowlistEntry).filter((rule) => rule !== undefined)
const policyOf = (entries: string[], origin?: string, widgetOrigins = ['https://widgets.example']) =>
  embedPolicy({ rules: rulesOf(...entries), service: 'https://pass.example', widgetOrigins, origin })

describe('an embed policy', () => {
  test('lists every directive and attribute', () => {
    expect(policyOf(['shop.example', '*.shop.example', 'localhost:*'])).toEqual({
      frame_ancestors:
        'frame-ancestors https://shop.example https://*.shop.example http://localhost:* https://localhost:*',
      frame_ancestors_differs: [
        {
          entry: '*.shop.example',
          how: 'The entry matches one label; a wildcard in frame-ancestors matches any number of labels.',
        },
      ],
      host_csp: [
        'frame-src https://widgets.example',
        'script-src https://pass.example',
        'connect-src https://pass.example',
      ],
      iframe: {
        sandbox: 'allow-scripts allow-same-origin allow-forms allow-popups',
        allow: '',
        referrerpolicy: 'origin',
      },
      cors: {},
    })
  })

  test('lists only the page itself if the page is allowed', () => {
    const policy = policyOf(['*.shop.example'], 'https://a.shop.example')
    expect(policy.frame_ancestors).toBe('frame-ancestors https://a.shop.example')
    expect(policy.frame_ancestors_differs).toEqual([])
    expect(policy.cors).toEqual({
      'Access-Control-Allow-Origin': 'https://a.shop.example',
      'Access-Control-Expose-Headers': expect.stringContaining('X-Error-Reason'),
    })
    expect(policy.origin).toEqual({
      origin: 'https://a.shop.example',
      allowed: true,
      entry: '*.shop.example',
      explanation: 'The entry *.shop.example allows it.',
    })
  })

  test('lists the whole allowlist if the page is not allowed', () => {
    expect(policyOf(['*.shop.example'], 'https://attacker.example')).toMatchObject({
      frame_ancestors: 'frame-ancestors https://*.shop.example',
      origin: { allowed: false },
    })
  })

  test.each([
    [[], "frame-ancestors 'none'"],
    [['https://[::1]:8080'], "frame-ancestors 'none'"],
    [['http://shop.test:3000'], 'frame-ancestors http://shop.test:3000'],
    [['127.0.0.1:*'], 'frame-ancestors http://127.0.0.1:* https://127.0.0.1:*'],
    [['shop.example', 'https://shop.example'], 'frame-ancestors https://shop.example'],
    [['capacitor://localhost'], 'frame-ancestors capacitor://localhost'],
  ])('%j: %s', (entries, line) => {
    expect(policyOf(entries).frame_ancestors).toBe(line)
  })

  test.each([
    ['http://shop.test:3000', /over https/],
    ['https://[::1]:8080', /cannot name an IPv6 address/],
    ['http://10.0.0.7', /the only IPv4 address that frame-ancestors matches is 127\.0\.0\.1/],
    ['*.shop.example', /any number/],
  ])('explains how the directive differs from %s', (entry, how) => {
    expect(policyOf([entry]).frame_ancestors_differs).toEqual([{ entry, how: expect.stringMatching(how) }])
  })

  test('lets a page in an app shell read the response', () => {
    expect(policyOf(['capacitor://localhost'], 'capacitor://localhost')).toMatchObject({
      frame_ancestors: 'frame-ancestors capacitor://localhost',
      frame_ancestors_differs: [],
      cors: { 'Access-Control-Allow-Origin': 'capacitor://localhost' },
      origin: { allowed: true, entry: 'capacitor://localhost' },
    })
  })

  test('without widget origins, widgets come from the service', () => {
    expect(policyOf(['shop.example'], undefined, []).host_csp[0]).toBe('frame-src https://pass.example')
  })

  test('no entry can end the directive or start another one', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/)
    const entry = fc.oneof(
      fc.string(),
      fc.webUrl(),
      label.map((one) => `${one}.example`),
      label.map((one) => `*.${one}.example`),
      label.map((one) => `capacitor://${one}`),
    )
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(frameAncestors(rulesOf(...entries))).toMatch(
          /^frame-ancestors( (https?|app|capacitor):\/\/[a-z0-9.*:-]+)+$|^frame-ancestors 'none'$/,
        )
      }),
    )
  })
})

describe('explainOrigin', () => {
  const explain = (entries: string[], origin: string) => explainOrigin(rulesOf(...entries), origin).explanation

  test.each<[string[], string, RegExp]>([
    [['shop.example'], 'null', /Add allow-same-origin to the sandbox attribute/],
    [['shop.example'], 'https://shop.example/path', /Use https:\/\/shop\.example\./],
    [['shop.example'], 'HTTPS://Shop.Example', /Use https:\/\/shop\.example\./],
    [['shop.example'], 'capacitor://localhost', /No entry is close to it\. To allow it, add capacitor:\/\/localhost\./],
    [['localhost:*'], 'capacitor://localhost', /is for http and https, but the page uses capacitor/],
    [['capacitor://localhost'], 'ionic://localhost', /is for capacitor, but the page uses ionic\./],
    [['capacitor://localhost'], 'http://localhost', /is for capacitor, but the page uses http\./],
    [['shop.example'], 'capacitor://localhost/index.html', /Use capacitor:\/\/localhost\./],
    [['shop.example'], 'ftp://shop.example', /Pages of the scheme ftp can't be allowed\./],
    [['shop.example'], 'shop.example', /Use an origin such as https:\/\/shop\.example\./],
    [[], 'https://shop.example', /The allowlist is empty/],
    [['shop.example'], 'http://shop.example', /is for https, but the page uses http\./],
    [['shop.example'], 'https://shop.example:8443', /is for port 443, but the page is on port 8443/],
    [['http://shop.test:3000'], 'http://shop.test', /is for port 3000, but the page is on port 80\./],
    [['shop.example'], 'https://shop.example.', /a trailing dot/],
    [['shop.example'], 'https://www.shop.example', /\*\.shop\.example would allow/],
    [['www.shop.example'], 'https://shop.example', /a subdomain of shop\.example/],
    [['*.shop.example'], 'https://shop.example', /does not include shop\.example itself; add shop\.example/],
    [['*.shop.example'], 'https://a.b.shop.example', /exactly one label; this name has 2/],
    [['*.shop.example'], 'http://a.shop.example', /is for https, but the page uses http\./],
    [['*.shop.example'], 'https://a.shop.example:444', /default port, but the page is on port 444/],
    [['*.shop.example'], 'https://a_b.shop.example', /letters, digits and hyphens/],
    [['localhost:*'], 'http://127.0.0.1:3000', /127\.0\.0\.1 needs its own entry/],
    [
      ['shop.example', '*.shop.example'],
      'https://elsewhere.test',
      /No entry is close to it\. To allow it, add https:\/\/elsewhere\.test/,
    ],
    // the closer of two entries
    [['shop.example', 'https://www.shop.example:8443'], 'https://www.shop.example', /for port 8443/],
  ])('%j, origin %s', (entries, origin, explanation) => {
    expect(explain(entries, origin)).toMatch(explanation)
  })

  test('always agrees with the allowlist', () => {
    const entry = fc.constantFrom(
      'shop.example',
      '*.shop.example',
      'localhost:*',
      '127.0.0.1:*',
      'http://shop.test:3000',
    )
    const origin = fc.oneof(
      fc.string(),
      fc.webUrl().map((url) => new URL(url).origin),
      fc.constantFrom(
        'null',
        'https://shop.example',
        'https://a.shop.example',
        'http://localhost:1',
        'http://shop.test:3000',
      ),
    )
    fc.assert(
      fc.property(fc.array(entry), origin, (entries, page) => {
        const rules = rulesOf(...entries)
        expect(explainOrigin(rules, page).allowed).toBe(allowsOrigin(rules, page))
      }),
    )
  })
})
