import { defineOperation } from '../operation.js'
import { exampleAccount, exampleId, listExample, paged, read, write } from './common.js'
import { AccountCreateInput, AccountUpdateInput, AdminAccount, pageOf } from './schemas.js'

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
    example: { input: { name: 'Acme Kids', tenant: '2_4' }, output: exampleAccount },
  }),
  'admin.accounts.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.accounts.list',
    summary: 'List the acting account and its children',
    description: 'Returns the acting account and its child accounts, ordered by id.',
    paths: ['/v1/admin/accounts'],
    output: pageOf(AdminAccount),
    example: listExample(exampleAccount),
  }),
  'admin.accounts.update': defineOperation({
    ...write,
    id: 'admin.accounts.update',
    summary: 'Change, disable or enable an account',
    description:
      'Fields you leave out keep their value. A key can change the name of its own account, and everything of a child account. A disabled account mints nothing: its secret keys get `account_disabled`, its client keys are refused, and all of its tokens and sessions have ended. Its parent can still administer it, and can enable it 10 seconds later at the earliest; tokens from before stay invalid. Children of a disabled account keep working. An account without a parent is disabled and enabled on the host of the server, with `hallpass accounts update --database-url`.',
    paths: ['/v1/admin/accounts/{account_id}'],
    pathFields: ['account_id'],
    input: AccountUpdateInput,
    output: AdminAccount,
    example: { input: { account_id: exampleId, disabled: true }, output: { ...exampleAccount, disabled: true } },
  }),
} as const
