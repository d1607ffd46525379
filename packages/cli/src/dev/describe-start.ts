import { readVersion } from '../version.js'
import { sandboxKeys } from './sandbox.js'

/** What a running `hallpass dev` offers. */
export interface Started {
  readonly url: string
  readonly widgetsUrl: string | undefined
  readonly consoleUrl: string | undefined
  /** The data folder, as the user would write it. */
  readonly folder: string
  /** Whether other machines may reach it. */
  readonly expose: boolean
}

/** What `hallpass dev` prints: where everything is, and what to paste into a page and a terminal. */
export function describeStart(started: Started): string {
  const { url, widgetsUrl, consoleUrl, folder, expose } = started
  const { apiKey, clientKey, consoleKey } = sandboxKeys
  const places = [
    ['API', `${url}  (reference: ${url}/docs)`],
    ...(consoleUrl ? [['Console', `${consoleUrl}  (key: ${consoleKey})`]] : []),
    ...(widgetsUrl ? [['Widgets', `${widgetsUrl}/chat; the appUrl of the bridge widget is ${widgetsUrl}`]] : []),
    ['Keys', `secret key ${apiKey}, client key ${clientKey}`],
    ['Data', `${folder} keeps it. To start again: hallpass dev --reset`],
  ]
  return [
    `hallpass ${readVersion()} listening on ${url}`,
    '',
    ...places.map(([name = '', text]) => `  ${name.padEnd(9)}${text}`),
    '',
    ...(widgetsUrl ? ['Paste this into a page on any port of localhost:', '', ...tagFor(url, widgetsUrl), ''] : []),
    'Or call an API:',
    '',
    ...callsTo(url),
    '',
    `Everyone knows these keys${expose ? ' and any machine can connect' : ', so only this machine can connect'}. Stop with Ctrl-C.`,
    '',
  ].join('\n')
}

const tagFor = (url: string, widgetsUrl: string) => [
  `  <script async src="${url}/embed.js" data-client-key="${sandboxKeys.clientKey}"`,
  `    data-widget-url="${widgetsUrl}/chat"></script>`,
]

function callsTo(url: string): string[] {
  const { apiKey, clientKey, customerId, cardId } = sandboxKeys
  const json = "-H 'Content-Type: application/json'"
  return [
    '  # a guest session, as a page on localhost gets it',
    `  curl ${url}/api/v1/widget/auth/guest -H 'Origin: http://localhost:3000' \\`,
    `    ${json} -d '{"client_key":"${clientKey}"}'`,
    '',
    '  # a bridge token for a customer',
    `  curl ${url}/v1/bridge/initialize -H 'Authorization: Bearer ${apiKey}' \\`,
    `    ${json} -d '{"customer_id":"${customerId}"}'`,
    '',
    '  # a one-time token that reveals a card',
    `  curl '${url}/v1/cards/${cardId}/widget_token?widget_type=REVEAL' \\`,
    `    -H 'Authorization: Bearer ${apiKey}'`,
  ]
}
