import { satisfies } from 'semver'
import { describe, expect, test } from 'vitest'
import { packages } from './support/lock.js'
import { packageJsons, readText } from './support/repository.js'

/** The oldest of each supported line. */
const supported = ['20.19.0', '22.16.0', '24.0.0', '26.0.0']

describe('the supported versions of Node', () => {
  test('the repository and every published package accept each of them', () => {
    for (const [path, { engines, private: isPrivate }] of packageJsons()) {
      if (path !== 'package.json' && isPrivate) continue
      const refusing = supported.filter((version) => !satisfies(version, engines?.node ?? ''))
      expect({ path, refusing }).toEqual({ path, refusing: [] })
    }
  })

  // npm prints EBADENGINE for each of these
  test('every installed package accepts the current release of each line', () => {
    const current = ['20.19.6', '22.23.3', '24.21.0', '26.10.0']
    const refusing = Object.entries(packages).flatMap(([place, { engines, optional }]) =>
      current
        .filter((version) => !optional && engines?.node !== undefined && !satisfies(version, engines.node))
        .map((version) => `${place} refuses ${version}`),
    )
    expect(refusing).toEqual([])
  })

  test('the workflow tests the oldest and the current long-term release', () => {
    expect(readText('.github/workflows/ci.yml')).toMatch(/node: \[20, 24\]/)
  })
})
