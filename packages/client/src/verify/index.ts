export { type RefusalReason, refusalReasons } from './refusal.js'
