import { answer, type ConformFault, faultyStatus, on, repeating, withBody, withHeaders } from './faults.js'

/** Faults of a Card API, and the checks that must name each. */
export const cardFaults: readonly ConformFault[] = [
  [
    'the same card token each time',
    'card',
    on(
      '/widget_token?',
      repeating(({ headers, path }) => headers.authorization + path + headers['idempotency-key']),
    ),
    ['card.create'],
  ],
  [
    'a card error without detail',
    'card',
    answer(withBody((body) => body.replace('"detail"', '"message"'))),
    [
      'card.missing_key',
      'card.unknown_key',
      'card.missing_widget_type',
      'card.unknown_widget_type',
      'card.malformed_card',
      'card.forbidden',
      'card.codes',
      'card.unknown_card',
      'card.wrong_status',
      'card.reused_key',
      'card.single_use',
    ],
  ],
  [
    'another code',
    'card',
    answer(withBody((body) => body.replace('BAD_QUERY_PARAMETER', 'BAD_QUERY'))),
    ['card.codes'],
  ],
  [
    'a card token without tenant',
    'card',
    answer(withBody((body) => body.replace('"tenant"', '"owner"'))),
    ['card.create'],
  ],
  ['a 403 is a 404', 'card', faultyStatus(403, 404), ['card.forbidden']],
  [
    'a card has no status',
    'card',
    ({ path }, forward) => forward({ path: path.replace('=ACTIVATE', '=REVEAL') }),
    ['card.wrong_status'],
  ],
  [
    'a card token is redeemed again',
    'card',
    on(
      '/redeem',
      repeating(({ body }) => body),
    ),
    ['card.single_use'],
  ],
  [
    'Idempotency-Key of a card is ignored',
    'card',
    withHeaders(({ 'idempotency-key': _, ...headers }) => headers),
    ['card.idempotent', 'card.reused_key'],
  ],
  [
    'HTML',
    'card',
    () => ({ status: 500, headers: { 'content-type': 'text/html' }, body: '<html>' }),
    [
      'card.missing_key',
      'card.unknown_key',
      'card.missing_widget_type',
      'card.unknown_widget_type',
      'card.malformed_card',
      'card.forbidden',
      'card.create',
      'card.idempotent',
      'card.codes',
      'card.unknown_card',
      'card.wrong_status',
      'card.no_store',
      'card.reused_key',
      'card.single_use',
    ],
  ],
]
