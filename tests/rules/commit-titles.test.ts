import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitTitleFault } from '../../scripts/commit-title.js'
import { root } from './support/repository.js'

describe('the title of a commit', () => {
  test.each([
    'fix(server): keep disabled keys disabled on fixture import',
    'docs: explain the change queue',
    'feat(client)!: bypass the cache',
    `test: ${'a'.repeat(66)}`,
  ])('may be "%s"', (title) => {
    expect(commitTitleFault(title)).toBeUndefined()
  })

  test.each([
    ['wip', 'type(scope)'],
    ['Fix(server): keep keys', 'type(scope)'],
    ['fix (server): keep keys', 'type(scope)'],
    ['fix(server): Keep keys', 'lower case'],
    ['fix(server): keep keys.', 'full stop'],
    ['fix(server): added a key', 'imperative'],
    ['fix(server): adds a key', 'imperative'],
    ['fix(server): adding a key', 'imperative'],
    ['fix(server): the key is kept', 'imperative'],
    [`test: ${'a'.repeat(67)}`, 'at most 72'],
  ])('must not be "%s" (%s)', (title, fault) => {
    expect(commitTitleFault(title)).toContain(fault)
  })
})

describe('scripts/check-commit-titles.ts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-titles-'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-C', join(folder, 'repo'), ...args])
  const commit = (title: string) => git('commit', '--quiet', '--allow-empty', '-m', title)
  const check = (place: string) => {
    try {
      const text = execFileSync(process.execPath, ['--import', 'tsx', 'scripts/check-commit-titles.ts'], {
        cwd: join(folder, place),
        encoding: 'utf8',
        stdio: 'pipe',
        env: { ...process.env, GIT_CEILING_DIRECTORIES: folder },
      })
      return { status: 0, text }
    } catch (error) {
      return { status: 1, text: String(error) }
    }
  }
  const addScripts = (place: string) => {
    mkdirSync(join(folder, place, 'scripts'), { recursive: true })
    writeFileSync(join(folder, place, 'package.json'), '{"type":"module"}')
    for (const name of ['check-commit-titles.ts', 'commit-title.ts']) {
      copyFileSync(join(root, 'scripts', name), join(folder, place, 'scripts', name))
    }
    symlinkSync(join(root, 'node_modules'), join(folder, place, 'node_modules'))
  }
  beforeAll(() => {
    addScripts('repo')
    addScripts('plain')
    execFileSync('git', ['init', '--quiet', join(folder, 'repo')])
    commit('An old title')
    git('add', 'scripts', 'package.json')
    commit('The check itself')
    commit('fix: keep keys')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('checks the commits after the one that added it', () => {
    expect(check('repo')).toEqual({ status: 0, text: '1 commit titles checked, 0 invalid.\n' })
    commit('Keep keys')
    expect(check('repo')).toMatchObject({ status: 1, text: expect.stringContaining('Keep keys') })
  })

  test('passes in a clone of one commit, and without git', () => {
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${join(folder, 'repo')}`, join(folder, 'shallow')])
    symlinkSync(join(root, 'node_modules'), join(folder, 'shallow', 'node_modules'))
    expect(check('shallow')).toEqual({ status: 0, text: '0 commit titles checked, 0 invalid.\n' })
    expect(check('plain')).toMatchObject({ status: 0, text: expect.stringContaining('not checked') })
  })
})
