import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { hallpass } from '../testing/hallpass.js'

/** The completions that bash suggests at the end of a line. */
async function complete(line: string): Promise<string[]> {
  const { stdout } = await hallpass(['completion', 'bash'])
  const script = `${stdout}
COMP_LINE=$1 COMP_POINT=\${#1}
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
_hallpass
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout: suggestions, stderr } = spawnSync('bash', ['-c', script, 'bash', line], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return suggestions.split('\n').filter((word) => word !== '')
}

describe('hallpass completion bash', () => {
  test('completes resources and commands', async () => {
    expect(await complete('hallpass ')).toEqual(
      expect.arrayContaining(['bridge', 'visitor', 'cards', 'tokens', 'serve']),
    )
    expect(await complete('hallpass vi')).toEqual(['visitor'])
    expect(await complete('hallpass visitor ')).toEqual([
      'guest',
      'user-token',
      'exchange',
      'token-exchange',
      'refresh',
      'logout',
      'config',
      'embed-ticket',
    ])
    expect(await complete('hallpass completion ')).toEqual(['bash', 'zsh', 'fish'])
  })

  test('completes flags of the command and global flags', async () => {
    expect(await complete('hallpass bridge initialize --config.')).toEqual([
      '--config.processing-method',
      '--config.sandbox-outcome',
    ])
    expect(await complete('hallpass bridge initialize --api')).toEqual(['--api-key'])
    expect(await complete('hallpass bridge initialize --customer-id x --idem')).toEqual(['--idempotency-key'])
    expect(await complete('hallpass serve --da')).toEqual([
      '--database-url',
      '--database-direct-url',
      '--database-connections',
    ])
  })

  test('completes values of enums', async () => {
    expect(await complete('hallpass bridge initialize --config.processing-method ')).toEqual([
      'inline',
      'background',
      'skip',
    ])
    expect(await complete('hallpass bridge initialize --config.processing-method=b')).toEqual(['background'])
    expect(await complete('hallpass cards widget-token --widget-type R')).toEqual(['REVEAL'])
    expect(await complete('hallpass bridge initialize --format j')).toEqual(['json', 'jsonl'])
    expect(await complete('hallpass serve --signing-alg ')).toEqual(['ES256', 'EdDSA', 'RS256'])
  })

  test('skips global flags before the command', async () => {
    expect(await complete('hallpass --api-key bridge --debug tokens red')).toEqual(['redeem'])
    expect(await complete('hallpass --format yaml bridge ')).toEqual(['initialize'])
  })

  test('completes values after a colon, and does not expand *', async () => {
    expect(await complete('hallpass api-keys create --scopes bridge:w')).toEqual(['write'])
    expect(await complete('hallpass api-keys create --scopes ')).toContain('*')
  })

  test('leaves other values to the file completion of bash', async () => {
    expect(await complete('hallpass serve --fixture ')).toEqual([])
  })
})

describe.each(['zsh', 'fish'])('hallpass completion %s', (shell) => {
  test('contains resources, commands, flags and values', async () => {
    const { stdout, exitCode } = await hallpass(['completion', shell])
    expect(exitCode).toBe(0)
    const flag = shell === 'fish' ? '-l config.processing-method' : '--config.processing-method'
    for (const text of ['bridge', 'initialize', 'user-token', flag, 'background', 'REVEAL'])
      expect(stdout).toContain(text)
  })
})
