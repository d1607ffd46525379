const dateTimePattern = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** RFC 3339 section 5.6. A leap second is permitted at the end of a day, UTC. */
function isDateTime(text: string): boolean {
  const match = dateTimePattern.exec(text)
  if (!match) return false
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const [offsetHour = 0, offsetMinute = 0] = match.slice(8, 10).map((part) => Number(part ?? 0))
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false
  if (hour > 23 || minute > 59 || offsetHour > 23 || offsetMinute > 59) return false
  if (second < 60) return true
  const offset = (offsetHour * 60 + offsetMinute) * (match[7] === '-' ? -1 : 1)
  const minuteOfDay = (hour * 60 + minute - offset + 2 * 1440) % 1440
  return second === 60 && minuteOfDay === 1439
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

// As in HTML forms: no quoted names and no addresses in brackets, which no mail service gives out. Its parts are bounded.
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const localPart = "[a-z0-9!#$%&'*+/=?^_`{|}~-]"
const emailPattern = new RegExp(`^${localPart}+(?:\\.${localPart}+)*@${label}(?:\\.${label})*$`, 'i')

// RFC 3986 section 3: each character has one place where it can stand, so the pattern takes linear time
const unit = "(?:[a-z0-9\\-._~!$&'()*+,;=]|%[0-9a-f]{2})"
const pathUnit = "(?:[a-z0-9\\-._~!$&'()*+,;=:@/]|%[0-9a-f]{2})"
const userPart = "(?:[a-z0-9\\-._~!$&'()*+,;=:]|%[0-9a-f]{2})"
const authority = `//(?:${userPart}*@)?(?:(\\[[0-9a-f.:]+\\])|${unit}*)(?::\\d*)?(?:/${pathUnit}*)?`
const uriPattern = new RegExp(
  `^[a-z][a-z0-9+.-]*:(?:${authority}|(?!//)${pathUnit}*)(?:\\?(?:${pathUnit}|\\?)*)?(?:#(?:${pathUnit}|\\?)*)?$`,
  'i',
)

/** A URL parser decides about an IPv6 address in brackets, which a pattern can't. */
function isUri(text: string): boolean {
  const match = uriPattern.exec(text)
  return match !== null && (match[1] === undefined || URL.canParse(`http://${match[1]}`))
}

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime,
  uuid: (text) => uuidPattern.test(text),
  email: (text) => text.length <= 254 && emailPattern.test(text),
  uri: isUri,
}

/** Whether a text has a format. Unknown formats, which no accepted schema names, permit nothing. */
export const isOfFormat = (format: unknown, text: string): boolean =>
  typeof format === 'string' && Object.hasOwn(formats, format) && formats[format]?.(text) === true

/** The formats that a schema can ask for. */
export const claimsFormats: readonly string[] = Object.keys(formats)
