import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { email, languageTag, toLanguageTag, visitorLocale } from './people.js'

describe('email', () => {
  const accepts = (value: unknown) => email.safeParse(value).success

  test.each([
    'ada@example.com',
    'jörg@example.de',
    'info@müller.example',
    'user@xn--e1afmkfd.xn--p1ai',
    'почта@пример.рф',
    '用户@例子.广告',
    'r&d@example.com',
    'dept/ship=1@example.com',
    'user%example.com@example.org',
    'first.last.@docomo.example.jp',
    'a..b@ezweb.example.jp',
    "o'brien@example.ie",
    'root@localhost',
    'user@[192.0.2.1]',
    `${'a'.repeat(242)}@example.com`,
  ])('accepts %s', (address) => {
    expect(accepts(address)).toBe(true)
  })

  test.each([
    '',
    '@',
    'no-at-sign',
    '@example.com',
    'a@',
    'a@b@c',
    'a b@example.com',
    'a@exam\u00a0ple.com',
    'a@example.com\n',
    '\u0007a@example.com',
    'a\u0085@example.com',
    'a\u0000@example.com',
    '\ud800@example.com',
    `${'a'.repeat(243)}@example.com`,
    7,
  ])('rejects %j', (address) => {
    expect(accepts(address)).toBe(false)
  })

  test('any text with one @ and no space or control character is a label', () => {
    const part = fc.stringMatching(/^[\p{L}\p{N}\p{S}\p{P}\p{M}]{1,60}$/u).filter((text) => !text.includes('@'))
    fc.assert(
      fc.property(part, part, (name, host) => {
        expect(accepts(`${name}@${host}`)).toBe(true)
      }),
    )
  })
})

const locales: [locale: string, tag: string | undefined][] = [
  ['en', 'en'],
  ['pt-BR', 'pt-BR'],
  ['zh-Hant-TW', 'zh-Hant-TW'],
  ['de-CH-1996', 'de-CH-1996'],
  ['en-US-u-ca-buddhist', 'en-US-u-ca-buddhist'],
  ['en_US', 'en-US'],
  ['zh_Hans_CN', 'zh-Hans-CN'],
  ['pt_BR.UTF-8', 'pt-BR'],
  ['de_DE.ISO-8859-1@euro', 'de-DE'],
  ['sr_RS@latin', 'sr-RS'],
  ['en-US@posix', 'en-US'],
  ['en_US_POSIX', 'en-US-POSIX'],
  [' en_US\n', 'en-US'],
  ['', undefined],
  ['C', undefined],
  ['C.UTF-8', undefined],
  ['POSIX', undefined],
  ['*', undefined],
  ['und-', undefined],
  ['English (United States)', undefined],
  ['not a tag', undefined],
  [`en${'-abcdefgh'.repeat(4)}`, undefined],
]

describe('locales', () => {
  test.each(locales)('%j is the language tag %s', (locale, tag) => {
    expect(toLanguageTag(locale)).toBe(tag)
    expect(visitorLocale.parse(locale)).toBe(tag ?? '')
    expect(languageTag.safeParse(locale).data).toBe(tag)
  })

  test('a visitor is never refused for a locale, whatever its text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('\u0000'))
        const tag = visitorLocale.parse(text)
        if (tag !== '') expect(languageTag.parse(tag)).toBe(tag)
      }),
    )
  })

  test.each([[7], [['en']], ['a\u0000'], ['\ud800'], ['x'.repeat(1025)]])(
    '%j is not text, so it is rejected',
    (value) => {
      expect(visitorLocale.safeParse(value).success).toBe(false)
      expect(languageTag.safeParse(value).success).toBe(false)
    },
  )
})
