import { defineOperation } from '../operation.js'
import { exampleId, listExample, paged, read, write } from './common.js'
import { AccountCreateInput, AdminAccount, pageOf } from './schemas.js'

const account = { id: exampleId, name: 'Acme Kids', tenant: '2_4', environment: 'sandbox', parent_id: null }

/** Accounts. */
export const adminAccountsOperations = {
  'admin.accounts.create': defineOperation({
    ...write,
    id: 'admin.accounts.create',
    summary: 'Create a child account',
    description:
      'Creates an account under the acting account, in the same environment. Tenant labels are unique in a tree of accounts: a label that any other account under the same root already has is refused as a conflict.',
    paths: ['/v1/admin/accounts'],
    input: AccountCreateInput,
    output: AdminAccount,
    example: { input: { name: 'Acme Kids', tenant: '2_4' }, output: account },
  }),
  'admin.accounts.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.accounts.list',
    summary: 'List the acting account and its children',
    description: 'Returns the acting account and its child accounts, ordered by id.',
    paths: ['/v1/admin/accounts'],
    output: pageOf(AdminAccount),
    example: listExample(account),
  }),
} as const
