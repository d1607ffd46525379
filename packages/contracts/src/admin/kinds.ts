import * as z from 'zod'
import { AdminKind, KindName, KindPutInput } from '../kinds/declaration.js'
import { defineOperation } from '../operation.js'
import { listExample, paged, read, write } from './common.js'
import { pageOf } from './schemas.js'

const declaration = {
  name: 'report-viewer',
  title: 'Report viewer',
  form: 'jwt',
  ttl_seconds: { default: 600, max: 3600 },
  actions: ['view', 'export'],
  resource: 'required',
  claims: {
    type: 'object',
    properties: { rows: { type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: 50 } },
    additionalProperties: false,
  },
}

const kind = {
  ...declaration,
  uses: null,
  start_within_seconds: null,
  audience: 'report-viewer',
  typ: 'report-viewer+jwt',
  minted_by: ['secret_key'],
  revision: 1,
  disabled: false,
}

const KindGetInput = z.strictObject({ name: KindName.describe('The name of the kind') })

/** Declared kinds of tokens. */
export const adminKindsOperations = {
  'admin.kinds.put': defineOperation({
    ...write,
    id: 'admin.kinds.put',
    methods: ['PUT'],
    summary: 'Declare a kind of token, or change it',
    description:
      'Declares a kind of token of your own, or replaces its declaration. A change affects new tokens only, except a shorter longest lifetime, which also ends older tokens. `form`, `audience` and `typ` never change. With `revision`, the change is made only if that is the current revision. A declaration that is the same as the current one changes nothing. An account has at most 1,000 kinds, disabled ones included.',
    paths: ['/v1/admin/kinds/{name}'],
    pathFields: ['name'],
    input: KindPutInput,
    output: AdminKind,
    example: { input: declaration, output: kind },
  }),
  'admin.kinds.get': defineOperation({
    ...read,
    id: 'admin.kinds.get',
    summary: 'Get a kind of token',
    description: 'Returns the declaration of one kind of the acting account.',
    paths: ['/v1/admin/kinds/{name}'],
    pathFields: ['name'],
    input: KindGetInput,
    output: AdminKind,
    example: { input: { name: 'report-viewer' }, output: kind },
  }),
  'admin.kinds.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.kinds.list',
    summary: 'List kinds of tokens',
    description: 'Returns the declared kinds of the acting account, ordered by name, disabled ones included.',
    paths: ['/v1/admin/kinds'],
    output: pageOf(AdminKind),
    example: listExample(kind),
  }),
  'admin.kinds.disable': defineOperation({
    ...write,
    id: 'admin.kinds.disable',
    priority: 'high',
    summary: 'Disable a kind of token for good',
    description:
      'The kind mints nothing more, and all of its tokens end. It can’t be enabled again, and its name stays taken.',
    paths: ['/v1/admin/kinds/{name}/disable'],
    pathFields: ['name'],
    input: KindGetInput,
    output: AdminKind,
    example: { input: { name: 'report-viewer' }, output: { ...kind, disabled: true } },
  }),
} as const
