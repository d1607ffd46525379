import { spawnSync } from 'node:child_process'

// turbo prints a notice about its telemetry at its first run, and sends it, unless this is set
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' }
const command = 'turbo run build --output-logs=errors-only'
// a shell finds the command on every system, because npm puts its folder on the path
const { status } = spawnSync(command, { shell: true, stdio: 'inherit', env })
process.exit(status ?? 1)
