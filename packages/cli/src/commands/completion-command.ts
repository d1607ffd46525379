import { Argument, Command } from 'commander'
import type { Outline } from '../completion/outline.js'
import type { Context } from '../context.js'

type Script = (outlines: readonly Outline[]) => string

/** Loaded on demand, so that other commands start faster. */
const shells: Readonly<Record<string, () => Promise<Script>>> = {
  bash: async () => (await import('../completion/bash.js')).bashScript,
  zsh: async () => (await import('../completion/zsh.js')).zshScript,
  fish: async () => (await import('../completion/fish.js')).fishScript,
}

/** `hallpass completion bash|zsh|fish`: prints a script generated from the commands. */
export function completionCommand({ io }: Pick<Context, 'io'>, program: Command): Command {
  return new Command('completion')
    .description('Print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'The shell.').choices(Object.keys(shells)))
    .addHelpText('after', '\nExample:\n  source <(hallpass completion bash)')
    .action(async (shell: string) => {
      const { outlineOf } = await import('../completion/outline.js')
      const script = await shells[shell]?.()
      io.stdout.write(script?.(outlineOf(program)) ?? '')
    })
}
