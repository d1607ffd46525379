import type { Dialect } from '@hallpass/contracts'

/** Operations of the APIs whose tokens Hallpass issues, which are not a part of it. */
interface OtherOperations {
  /** Each is a method and a path. `*` is any method. */
  readonly requests: readonly string[]
  /** What to use instead. */
  readonly hint: string
}

const toStraddle = "Hallpass only issues tokens for the bridge widget. Send this request to Straddle's API."

/** The Straddle API, as its SDK lists it. */
const straddle: readonly OtherOperations[] = [
  {
    requests: ['POST /v1/customers', 'PUT /v1/customers/{id}'],
    hint: 'Hallpass keeps the id and the status of a customer. Use POST /v1/admin/customers.',
  },
  {
    requests: ['GET /v1/customers', 'GET /v1/customers/{id}'],
    hint: 'Use GET /v1/admin/customers, or GET /v1/admin/customers/{customer_id} for one of them.',
  },
  {
    requests: [
      'DELETE /v1/customers/{id}',
      'PUT /v1/customers/{id}/refresh_review',
      'PATCH /v1/customers/{id}/review',
      'GET /v1/customers/{id}/review',
    ],
    hint: 'Hallpass reviews and deletes no customers. Set the status with POST /v1/admin/customers.',
  },
  {
    requests: ['POST /v1/accounts', 'GET /v1/accounts'],
    hint: 'Use /v1/admin/accounts, which manages child accounts.',
  },
  {
    requests: [
      'POST /v1/bridge/bank_account',
      'POST /v1/bridge/quiltt',
      'POST /v1/bridge/tan',
      'POST /v1/bridge/plaid',
    ],
    hint: "Hallpass creates no paykeys. POST /v1/bridge/initialize returns a token for the widget, which creates one; or send this request to Straddle's API.",
  },
  {
    requests: [
      'GET /v1/customers/{id}/unmasked',
      '* /v1/accounts/{account_id}',
      'POST /v1/accounts/{account_id}/onboard',
      'POST /v1/accounts/{account_id}/simulate',
      '* /v1/accounts/{account_id}/capability_requests',
      ...['linked_bank_accounts', 'organizations', 'representatives', 'paykeys', 'charges', 'payouts'].flatMap(
        (name) => [`* /v1/${name}`, `* /v1/${name}/{id}`, `* /v1/${name}/{id}/{action}`],
      ),
      'GET /v1/funding_events',
      'GET /v1/funding_events/{id}',
      'GET /v1/payments',
      'POST /v1/reports/total_customers_by_status',
    ],
    hint: toStraddle,
  },
]

const widgetToken = 'GET /v1/cards/{card_id}/widget_token'
const toSynctera = "Hallpass only issues tokens for card widgets. Send this request to Synctera's API."

/** The cards of the Synctera API, relative to its base path, as its OpenAPI document lists them. */
const synctera: readonly OtherOperations[] = [
  {
    requests: [
      'POST /cards/single_use_token',
      'POST /cards/{card_id}/client_token',
      'GET /cards/card_widget_url',
      'GET /cards/{card_id}/widget_token',
    ],
    hint: `Use ${widgetToken}?widget_type=…, which returns a one-time token for one card and one widget.`,
  },
  {
    requests: ['POST /cards/activate'],
    hint: `The card widget activates a card. Use ${widgetToken}?widget_type=ACTIVATE.`,
  },
  {
    requests: ['PUT /cards/{card_id}/pin'],
    hint: `The card widget sets a PIN. Use ${widgetToken}?widget_type=SET_PIN.`,
  },
  {
    requests: [
      ...['products', 'programs', 'bins', 'account_ranges', 'debit_networks', 'gateways', 'images'].flatMap((name) => [
        `* /cards/${name}`,
        `* /cards/${name}/{id}`,
      ]),
      'POST /cards/bin_network_mappings',
      'GET /cards/bins/debit_networks',
      'GET /cards/funding_sources',
      'POST /cards/digitalwallets/applepay',
      'POST /cards/digitalwallets/googlepay',
      'GET /cards/{card_id}/barcodes',
      'GET /cards/{card_id}/changes',
    ],
    hint: toSynctera,
  },
  {
    requests: ['GET /cards', 'POST /cards', 'GET /cards/{card_id}', 'PATCH /cards/{card_id}'],
    hint: 'Hallpass keeps the id, the customer and the status of a card. Use /v1/admin/cards.',
  },
]

interface Pattern {
  readonly method: string
  readonly path: RegExp
  readonly dialect: Dialect
  readonly hint: string
}

/** A path without parameters comes before one that it would also fit. */
const patterns: readonly Pattern[] = [
  ...straddle.flatMap((operations) => patternsOf(operations, 'envelope', '')),
  ...synctera.flatMap((operations) => patternsOf(operations, 'code', '(?:/v[01])?')),
]

function patternsOf({ requests, hint }: OtherOperations, dialect: Dialect, base: string): Pattern[] {
  return requests.map((request) => {
    const [method = '', path = ''] = request.split(' ')
    return { method, path: new RegExp(`^${base}${path.replace(/\{\w+\}/g, '[^/]+')}/?$`), dialect, hint }
  })
}

/** The API that a request was meant for, and what to use instead. Undefined if no such operation is known. */
export function findOtherOperation(method: string, path: string): Pick<Pattern, 'dialect' | 'hint'> | undefined {
  return patterns.find((pattern) => (pattern.method === '*' || pattern.method === method) && pattern.path.test(path))
}
