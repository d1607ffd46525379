import { expect, test } from 'vitest'
import { fixturePath } from '../testing/start-demo.js'
import { readFixture, readShop } from './read-shop.js'
import { welcome } from './welcome.js'

const addresses = {
  hallpassUrl: 'http://127.0.0.1:8787',
  demoUrl: 'http://127.0.0.1:5173',
  widgetsUrl: 'http://127.0.0.1:5174',
  attackerUrl: 'http://127.0.0.1:5175',
}
const shop = readShop(readFixture(fixturePath))

test('shows the URLs of the demo, its keys, and three commands to paste', () => {
  expect(welcome(addresses, shop)).toBe(`demo listening on http://127.0.0.1:5173
widgets listening on http://127.0.0.1:5174
attacker page listening on http://127.0.0.1:5175

secret key (backends only)  sk_test_acme
client key (browsers)       pk_test_acme
console key (operators)     sk_test_acme_console

curl -s http://127.0.0.1:8787/v1/bridge/initialize -H 'Authorization: Bearer sk_test_acme' -H 'Content-Type: application/json' -d '{"customer_id":"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"}'
curl -s http://127.0.0.1:8787/api/v1/widget/auth/guest -H 'Origin: http://127.0.0.1:5173' -H 'Content-Type: application/json' -d '{"client_key":"pk_test_acme"}'
curl -s 'http://127.0.0.1:8787/v1/cards/7d943c51-e4ff-4e57-9558-08cab6b963c7/widget_token?widget_type=REVEAL' -H 'Authorization: Bearer sk_test_acme'
`)
})

test('quotes a secret key with special characters for the shell', () => {
  expect(welcome(addresses, { ...shop, secretKey: "My 'API' Key $HOME" })).toContain(
    ` -H 'Authorization: Bearer My '\\''API'\\'' Key $HOME'\n`,
  )
})
