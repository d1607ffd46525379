import type { Config } from '../../config.js'
import { settingsExposures } from '../../exposure/exposure.js'
import { readFixture } from '../../fixture/import-fixture.js'
import { type Check, exposed, failed, messageOf, ok, warning } from './check.js'

/** Whether the settings are usable, and safe for a server for production if it is one. */
export function* checkConfiguration(config: Config, strict: boolean): Generator<Check> {
  const what = 'configuration'
  try {
    if (config.fixture !== undefined) readFixture(config.fixture)
  } catch (error) {
    yield failed(what, messageOf(error), 'Correct the fixture, and check it with `hallpass fixture check`.')
    return
  }
  const found = settingsExposures(config, strict)
  for (const exposure of found) yield exposed(exposure, strict)
  if (found.length > 0) return
  if (config.publicUrl?.startsWith('https:') && config.trustProxy === false) {
    const finding = `${config.publicUrl} needs a proxy in front of the server for TLS, but no proxy is trusted, so all callers share one rate limit`
    const fix = 'Set HALLPASS_TRUST_PROXY to the number of proxies in front of the server.'
    yield warning(what, finding, fix)
    return
  }
  yield ok(what, `listens on ${config.host} port ${config.port}; issuer ${config.publicUrl ?? 'the same address'}`)
}
