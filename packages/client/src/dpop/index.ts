export type { KeyBinding } from '../browser/key-binding.js'
export { type BindOptions, bindToKey } from './bind-to-key.js'
