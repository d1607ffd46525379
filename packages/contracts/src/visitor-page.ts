import { visitorPaths } from './core/visitor-paths.js'
import { defineOperation } from './operation.js'
import { clientKeyReasons, missingClientKey, originNotInAllowlist } from './visitor-refusals.js'
import { ConfigInput, EmbedTicket, EmbedTicketInput, WidgetConfig } from './visitor-schemas.js'

export const visitorConfig = defineOperation({
  id: 'visitor.config',
  kind: 'query',
  summary: 'Get the widget bootstrap config for a client_key',
  description:
    "Returns the public-side config the widget needs to render: branding colors, copy, the agent's display name. Cross-origin; client_key is supplied as a query parameter.",
  methods: ['GET'],
  paths: [visitorPaths['visitor.config']],
  queryFields: ['client_key'],
  body: 'ignored',
  calledFrom: 'page',
  caller: { by: 'client_key' },
  mints: null,
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  limit: 'holder',
  required: [['client_key']],
  input: ConfigInput,
  output: WidgetConfig,
  dialect: 'text',
  phrases: { ...missingClientKey, origin_not_allowed: 'Origin not in allowlist' },
  cacheSeconds: 60,
  refusals: [...clientKeyReasons],
  example: {
    input: { client_key: 'pk_test_acme' },
    output: {
      client_key: 'pk_test_acme',
      widget_enabled: true,
      auth_mode: 'both',
      agent: { id: 'agent_1', display_name: 'Ada' },
      branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
      copy: { greeting: 'Hi!', launcher_label: 'Chat' },
      locale: 'en',
      supported_locales: ['en'],
    },
  },
})

export const visitorEmbedTicket = defineOperation({
  id: 'visitor.embedTicket',
  kind: 'mutation',
  summary: "Mint an embed ticket that proves the host page's origin to the widget's iframe",
  description:
    "Called by the host page. The iframe sends the ticket when it starts a session from one of the server's own widget origins. This spends the ticket.",
  methods: ['POST'],
  paths: [visitorPaths['visitor.embedTicket']],
  body: 'json',
  calledFrom: 'page',
  caller: { by: 'client_key' },
  mints: 'embed-ticket',
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  limit: 'issue',
  required: [['client_key']],
  input: EmbedTicketInput,
  output: EmbedTicket,
  dialect: 'text',
  phrases: { ...missingClientKey, ...originNotInAllowlist },
  refusals: [...clientKeyReasons, 'widget_disabled'],
  example: {
    input: { client_key: 'pk_test_acme' },
    output: { ticket: 'eyJhbGciOiJFZERTQSJ9.e30.sig', expires_in: 60 },
  },
})
