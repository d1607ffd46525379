import type { KindDeclaration } from './declaration.js'

type Named<Field extends keyof KindDeclaration> = Pick<KindDeclaration, 'name' | Field>

/** The claim `aud` of the kind's tokens. */
export const audienceOf = ({ name, audience }: Named<'audience'>): string => audience ?? name

/** The header `typ` of the kind's tokens. */
export const typOf = ({ name, typ }: Named<'typ'>): string => typ ?? `${name}+jwt`
