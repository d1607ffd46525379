import { createPublicKey } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'

// node haproxy-keys.mjs ISSUER FOLDER: writes each public key to FOLDER, and FOLDER/keys.cfg with the rules for them
const [issuer, folder] = process.argv.slice(2)
const response = await fetch(`${issuer}/.well-known/jwks.json`, { signal: AbortSignal.timeout(10_000) })
if (!response.ok) throw new Error(`The key set could not be read: status ${response.status}.`)
const { keys } = await response.json()
mkdirSync(folder, { recursive: true })
const rules = keys
  // HAProxy verifies no EdDSA, and ids become file names
  .filter(({ alg, kid }) => (alg === 'ES256' || alg === 'RS256') && /^[\w-]+$/.test(kid))
  .map((jwk) => {
    const file = `${folder}/${jwk.kid}.pem`
    writeFileSync(file, createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }))
    const verified = `http_auth_bearer,jwt_verify("${jwk.alg}","${file}")`
    return `  http-request set-var(txn.verified) ${verified} if { http_auth_bearer,jwt_header_query('$.kid') -m str ${jwk.kid} }`
  })
writeFileSync(`${folder}/keys.cfg`, ['defaults hallpass', '  mode http', ...rules, ''].join('\n'))
