import { text } from './scalars.js'

/** One `@` with something before and after it, without spaces. */
const addressPattern = /^[^\s@]+@[^\s@]+$/

/**
 * An email address, which Hallpass only passes on. Addresses in use break the rules of RFC 5322, or have letters of any
 * script, so whether mail arrives there isn't checked.
 */
export const email = text(254)
  .regex(addressPattern, 'must be an email address: one @, without spaces')
  .refine((address) => !/\p{Cc}/u.test(address), 'must not contain control characters')
  .describe('An email address; it is passed on as it is')

const tagPattern = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/
const longestTag = 35

/**
 * The BCP 47 tag of a locale as browsers and operating systems write it: `en_US`, `pt_BR.UTF-8` and `en-US@posix` become
 * `en-US`, `pt-BR` and `en-US`. Undefined if it names no language, such as `C`, `POSIX` and an empty text.
 */
export function toLanguageTag(locale: string): string | undefined {
  const [name = ''] = locale.trim().split(/[.@]/, 1)
  const tag = name.replaceAll('_', '-')
  if (tag.length > longestTag || /^posix$/i.test(tag)) return undefined
  return tagPattern.test(tag) ? tag : undefined
}

/** The locale of a visitor. It is a hint, so one that names no language is ignored: it becomes empty. */
export const visitorLocale = text()
  .overwrite((locale) => toLanguageTag(locale) ?? '')
  .describe('A language tag, or a locale as a system writes it (pt_BR.UTF-8); ignored if it names no language')

/** A locale that an operator configures. One that names no language is a mistake. */
export const languageTag = text()
  .overwrite((locale) => toLanguageTag(locale) ?? '')
  .regex(tagPattern, 'must be a language tag such as en or pt-BR')
  .max(longestTag)
