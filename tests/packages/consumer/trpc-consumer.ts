// What a project writes that calls Hallpass with the stock tRPC client and the types of its router.
import type { AppRouter } from '@hallpass/server/router'
import { createTRPCClient, httpBatchLink } from '@trpc/client'

const hallpass = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: 'https://pass.example/trpc' })] })

export async function bridgeToken(customer: string): Promise<string> {
  const { bridge_token } = await hallpass.bridge.initialize.mutate({ customer_id: customer })
  return bridge_token
}

// @ts-expect-error a field that does not exist
hallpass.bridge.initialize.mutate({ customer: 'c_1' })
// @ts-expect-error a result that does not exist
hallpass.bridge.initialize.mutate({ customer_id: 'c_1' }).then(({ token }) => token)
