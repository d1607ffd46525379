/** Secrets that the documentation prints, so everyone knows them. `hallpass dev` and the demo use them in sandbox accounts. */
export const publishedSecrets: ReadonlySet<string> = new Set([
  // the examples of the Bridge API contain it literally
  'My API Key',
  'sk_test_acme',
  'sk_test_acme_console',
  'sk_test_acme_processor',
  'sk_test_acme_widget_host',
  'sk_test_globex',
])
