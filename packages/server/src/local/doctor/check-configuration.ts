import type { Config } from '../../config.js'
import { addressExposure } from '../../exposure/exposure.js'
import { readFixture } from '../../fixture/import-fixture.js'
import { type Check, failed, messageOf, ok, warning } from './check.js'

export function checkConfiguration(config: Config): Check {
  const what = 'configuration'
  try {
    if (config.fixture !== undefined) readFixture(config.fixture)
  } catch (error) {
    return failed(what, messageOf(error), 'Correct the fixture, and check it with `hallpass fixture check`.')
  }
  const exposure = addressExposure(config)
  if (exposure) return warning(what, exposure.found, exposure.fix)
  if (config.publicUrl?.startsWith('https:') && config.trustProxy === false) {
    const found = `${config.publicUrl} needs a proxy in front of the server for TLS, but no proxy is trusted, so all callers share one rate limit`
    const fix = 'Set HALLPASS_TRUST_PROXY to the number of proxies in front of the server.'
    return warning(what, found, fix)
  }
  return ok(what, `listens on ${config.host} port ${config.port}; issuer ${config.publicUrl ?? 'the same address'}`)
}
