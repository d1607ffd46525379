import type { InputOf, Operations } from '@hallpass/contracts'
import { parseJsonObject } from '../parts/parse-json-object.js'
import type { Kind } from '../types.js'

/** A declaration as the server takes it, which also checks it. */
export type Declaration = InputOf<Operations['admin.kinds.put']>

/** A declaration as the form holds it: mostly text. */
export interface KindDraft {
  readonly name: string
  readonly title: string
  readonly form: Kind['form']
  readonly defaultTtl: string
  readonly maxTtl: string
  readonly uses: string
  readonly start: string
  readonly actions: string
  readonly resource: Kind['resource']
  readonly claims: string
  readonly audience: string
  readonly typ: string
  readonly mintedBy: Kind['minted_by']
}

/** Fills in the form. The declaration can come from a file, where anything can be missing or something else. */
export function draftOf(declaration: Partial<Omit<Declaration, 'disabled'>>): KindDraft {
  const { form, ttl_seconds, uses, start_within_seconds, actions, resource, claims, minted_by } = declaration
  return {
    name: textOf(declaration.name),
    title: textOf(declaration.title),
    form: form ?? 'jwt',
    defaultTtl: textOf(ttl_seconds?.default),
    maxTtl: textOf(ttl_seconds?.max),
    uses: textOf(uses),
    start: textOf(start_within_seconds),
    actions: [actions ?? []].flat().join(', '),
    resource: resource ?? 'none',
    claims: isMissing(claims) ? '' : JSON.stringify(claims, null, 2),
    audience: textOf(declaration.audience),
    typ: textOf(declaration.typ),
    mintedBy: minted_by ?? ['secret_key'],
  }
}

/** Undefined if the claims aren’t JSON. The server checks everything else. */
export function declarationOf(draft: KindDraft): Declaration | undefined {
  const claims = draft.claims.trim() === '' ? null : parseJsonObject<NonNullable<Declaration['claims']>>(draft.claims)
  if (claims === null && draft.claims.trim() !== '') return undefined
  const [audience, typ] = [draft.audience.trim(), draft.typ.trim()]
  return {
    name: draft.name.trim(),
    title: draft.title,
    form: draft.form,
    ttl_seconds: { default: Number(draft.defaultTtl), max: Number(draft.maxTtl) },
    uses: numberOf(draft.uses),
    start_within_seconds: numberOf(draft.start),
    actions: draft.actions.split(',').flatMap((action) => action.trim() || []),
    resource: draft.resource,
    claims,
    ...(audience === '' ? {} : { audience }),
    ...(typ === '' ? {} : { typ }),
    minted_by: draft.mintedBy,
  }
}

/** The declaration of a kind as in a file, without what the server counts. */
export function declarationText({ revision: _, disabled: __, ...declaration }: Kind): string {
  return JSON.stringify(declaration, null, 2)
}

const isMissing = (value: unknown) => value === undefined || value === null
const textOf = (value: unknown) => (isMissing(value) ? '' : String(value))
const numberOf = (text: string) => (text === '' ? null : Number(text))
