import { withoutControls } from '@hallpass/contracts'
import type { Inspection } from './inspect-token.js'

const names: Readonly<Record<Inspection['kind'], string>> = {
  bridge: 'a bridge token',
  visitor: 'a visitor token',
  'widget-session': 'a session token',
  'embed-ticket': 'an embed ticket',
  card: 'possibly a card widget token',
  refresh: 'a refresh token',
  declared: 'a token of a declared kind',
  none: 'not a token of this service',
}
const colors = { accepted: 32, refused: 31, opaque: 33, undecided: 33 } as const

/** Formats an inspection for people. The token is untrusted, so control characters in it are replaced. */
export function describeInspection(inspection: Inspection, color: boolean): string {
  const { kind, verdict, refused_because, says, claims, seconds_left } = inspection
  const word = color ? `\u001b[${colors[verdict]}m${verdict}\u001b[39m` : verdict
  return [
    `${names[kind]}: ${word}`,
    ...refused_because.map((why) => `  because ${why}`),
    ...says.map((sentence) => `  ${withoutControls(sentence)}`),
    ...(seconds_left === undefined ? [] : [`  ${timeLeft(seconds_left)}`]),
    ...(verdict === 'accepted'
      ? ['  Only the service knows whether it was spent or revoked. Run `hallpass tokens introspect`.']
      : []),
    ...(claims === undefined ? [] : ['', ...JSON.stringify(claims, null, 2).split('\n').map(withoutControls)]),
    '',
  ].join('\n')
}

function timeLeft(seconds: number): string {
  const span = spanOf(Math.abs(seconds))
  return seconds > 0 ? `It expires in ${span}.` : `It expired ${span} ago.`
}

function spanOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}
