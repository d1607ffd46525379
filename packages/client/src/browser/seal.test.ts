import { expect, test } from 'vitest'
import { nameOf } from './notes.js'
import { seal, unseal } from './seal.js'
import { newSecret } from './secret.js'

test('a sealed text can be read with its secret only', async () => {
  const [secret, other] = [newSecret(), newSecret()]
  const sealed = await seal(secret, '{"token":"Zoë 🎈"}')
  expect(sealed).not.toContain('token')
  expect(await unseal(secret, sealed)).toBe('{"token":"Zoë 🎈"}')
  await expect(unseal(nameOf(secret) + other.slice(12), sealed)).rejects.toThrow()
  await expect(unseal(secret, sealed.slice(0, -4))).rejects.toThrow()
})

test('the same text is sealed differently each time', async () => {
  const secret = newSecret()
  expect(secret).toMatch(/^[0-9a-z]{44}$/)
  expect(await seal(secret, 'text')).not.toBe(await seal(secret, 'text'))
})
