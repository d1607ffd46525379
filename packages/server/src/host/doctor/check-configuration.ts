import { readFixture } from '../../admin/import-fixture.js'
import type { Config } from '../../config.js'
import { type Check, failed, ok, warning, wordsOf } from './check.js'

const loopback = /^(127\.|::1$|localhost$)/

export function checkConfiguration(config: Config): Check {
  const what = 'configuration'
  try {
    if (config.fixture !== undefined) readFixture(config.fixture)
  } catch (error) {
    return failed(what, wordsOf(error), 'Correct the fixture; `hallpass fixture check` tells when it is right.')
  }
  if (config.publicUrl === undefined && !loopback.test(config.host)) {
    const found = `it listens on ${config.host} for others, and the issuer of its tokens is the address listened on`
    return warning(what, found, 'Set HALLPASS_PUBLIC_URL to the origin that others reach the service at.')
  }
  if (config.publicUrl?.startsWith('http:') && !loopback.test(new URL(config.publicUrl).hostname)) {
    return warning(what, `${config.publicUrl} is not encrypted`, 'Serve it by https, and set HALLPASS_PUBLIC_URL so.')
  }
  return ok(what, `listens on ${config.host} port ${config.port}; issuer ${config.publicUrl ?? 'the same address'}`)
}
