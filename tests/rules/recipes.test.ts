import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readText } from './support/repository.js'

const pages = { mjs: 'javascript', py: 'python', rb: 'ruby' } as const
const recipes = readdirSync('tests/verifiers')
  .map((file) => ({ file, type: file.split('.')[1] ?? '' }))
  .filter((recipe): recipe is { file: string; type: keyof typeof pages } => recipe.type in pages)
  .filter(({ file }) => !file.startsWith('run.'))

test.each(recipes)('docs/verify shows $file as it is tested', ({ file, type }) => {
  expect(readText(`docs/verify/${pages[type]}.md`)).toContain(`\n${readText(`tests/verifiers/${file}`)}\`\`\``)
})
