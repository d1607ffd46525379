import { existsSync, readFileSync } from 'node:fs'
import * as tls from 'node:tls'

/** Where distributions keep the certificates that the machine trusts. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
  '/etc/ssl/ca-bundle.pem',
]

/** The certificate authorities that this machine trusts; those that come with Node.js if it has no list. */
export function systemCertificates(): string[] {
  const read = 'getCACertificates' in tls ? tls.getCACertificates : undefined
  // Node.js 20 has no way to ask for them
  if (typeof read === 'function') return read('system')
  const bundle = bundles.find((path) => existsSync(path))
  return bundle === undefined ? [...tls.rootCertificates] : [readFileSync(bundle, 'utf8')]
}
