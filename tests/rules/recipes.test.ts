import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readText } from './support/repository.js'

const pages = { go: 'go', java: 'java', mjs: 'javascript', php: 'php', py: 'python', rb: 'ruby' } as const
const libraries = readdirSync('tests/verifiers')
  .map((file) => ({ file, type: file.split('.')[1] ?? '' }))
  .filter((recipe): recipe is { file: string; type: keyof typeof pages } => recipe.type in pages)
  .filter(({ file }) => !file.startsWith('run.'))
  .map(({ file, type }) => ({ file, page: pages[type] }))
const gateways = readdirSync('tests/verifiers/gateways').map((name) => ({ file: `gateways/${name}`, page: 'gateways' }))

test.each([...libraries, ...gateways])('docs/verify shows $file as it is tested', ({ file, page }) => {
  expect(readText(`docs/verify/${page}.md`)).toContain(`\n${readText(`tests/verifiers/${file}`)}\`\`\``)
})

test.each([
  ['python', 'example.py'],
  ['python', 'declared.py'],
  ['go', 'example/main.go'],
  ['go', 'declared/main.go'],
])('the README of the %s client shows %s as it is tested', (client, file) => {
  expect(readText(`clients/${client}/README.md`)).toContain(`\n${readText(`clients/${client}/${file}`)}\`\`\``)
})
