#!/usr/bin/env node
import module from 'node:module'

// where Node has it (22.1 and later), compiled code is kept from run to run
module.enableCompileCache?.()
await import('../dist/main.js')
