/** The command line. Each command's code is loaded when it is called, so that none pays for another. */
import type * as commander from 'commander';
import { EXIT_WRONG_SETTING, exitWith } from './exit.ts';
import type { ExportOptions } from './export.ts';
import type { WhatifOptions } from './whatif/whatif.ts';

/** Carries the command out; `started` is told when a server is ready. Ends the process when something is wrong. */
export const run = async (args: readonly string[], started: () => void = () => undefined): Promise<void> => {
  try {
    // Told apart before anything is loaded that knows of other commands.
    if (args.length === 1 && args[0] === 'serve') await serve(started);
    else await parse(args, started);
  } catch (error) {
    exitWith(error);
  }
};

const serve = async (started: () => void): Promise<void> => {
  const command = await import('./serve.ts');
  await command.serve(started);
};

const parse = async (args: readonly string[], started: () => void): Promise<void> => {
  const { Command, InvalidArgumentError, Option } = await import('commander');

  const seconds = (value: string): number => {
    const parsed = /^(\d+)(s|m|h|d)?$/.exec(value);
    if (parsed === null || Number(parsed[1]) === 0)
      throw new InvalidArgumentError('expected a time such as 30m, 8h or 7d');
    return Number(parsed[1]) * { s: 1, m: 60, h: 3_600, d: 86_400 }[(parsed[2] ?? 's') as 's' | 'm' | 'h' | 'd'];
  };

  const integerFrom =
    (min: number, max: number) =>
    (value: string): number => {
      const parsed = /^\d{1,9}$/.test(value) ? Number(value) : -1;
      if (parsed < min || parsed > max) throw new InvalidArgumentError(`expected an integer from ${min} to ${max}`);
      return parsed;
    };
  const COUNT_MAX = 999_999_999;

  const program = new Command('kefu')
    .description('Kefu, a customer-service chat backbone. Settings are environment variables; see the README.')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT_WRONG_SETTING))
    .showHelpAfterError('(kefu --help lists the commands)')
    .configureHelp({ showGlobalOptions: true });

  program
    .command('serve')
    .description('start the server')
    .action(() => serve(started));

  program
    .command('token')
    .description('print a token that is signed with KEFU_SECRET, or in development with the key in the data folder')
    .requiredOption('--role <role>', 'visitor, agent, analyst, service or admin')
    .requiredOption('--sub <id>', 'whose token it is')
    .option('--tenant <name>', 'the tenant', 'default')
    .option('--sid <session>', 'bind a visitor’s token to one session')
    .option('--ttl <time>', 'how long it is good for, such as 30m, 8h or 7d', seconds, 8 * 3_600)
    .action(async (options: { role: string; sub: string; tenant: string; sid?: string; ttl: number }) => {
      const { token } = await import('./token.ts');
      await token(options);
    });

  program
    .command('replay')
    .description('print what happened, from the log: one session, or all of them')
    .argument('[session]', 'a session’s id; all sessions without it')
    .option('--tenant <name>', 'only this tenant (default: `default` for one session, every tenant for all)')
    .option('--format <form>', '`text`, a readable transcript, or `ndjson`, one fact a line', 'text')
    .option('--until-seq <seq>', 'stop behind this seq of each session')
    .option('--until <time>', 'stop behind this moment, such as 2026-11-23T08:00:00Z or Unix milliseconds')
    .action(async (session: string | undefined, options: Record<string, string>) => {
      const { replay } = await import('./replay.ts');
      await replay(session, options);
    });

  const kb = program.command('kb').description('the knowledge base: put, get, and see how well it answers');

  const ofServer = (command: commander.Command): commander.Command =>
    command
      .option('--url <address>', 'the running server (default: where KEFU_HOST and KEFU_PORT say)')
      .option('--token <token>', 'an admin’s token (default: one signed as `kefu token` signs)')
      .option('--tenant <name>', 'the tenant that the token is signed for', 'default');

  ofServer(kb.command('import'))
    .description('put every entry of an NDJSON file into a running server; the same file again changes nothing')
    .argument('<file>', 'one entry a line: {id, lang, question, also?: [..], answer}')
    .action(async (file: string, options: { url?: string; token?: string; tenant: string }) => {
      const { importKnowledge } = await import('./kb/import.ts');
      await importKnowledge(file, options);
    });

  ofServer(kb.command('export'))
    .description('print a running server’s knowledge base as NDJSON')
    .action(async (options: { url?: string; token?: string; tenant: string }) => {
      const { exportKnowledge } = await import('./kb/export.ts');
      await exportKnowledge(options);
    });

  kb.command('evaluate')
    .description('see how well a knowledge base answers')
    .requiredOption('--queries <file>', 'NDJSON: {text, expect: <entry’s id> or null, lang?}')
    .option('--kb <file>', 'the knowledge base (default: KEFU_KB, or the built-in sample)')
    .option('--tenant <name>', 'whose policy says from which confidence on an entry is the answer', 'default')
    .option('--svg <file>', 'draw what each threshold would give and cost')
    .action(async (options: { queries: string; kb?: string; svg?: string; tenant: string }) => {
      const { evaluateKnowledge } = await import('./kb/evaluate.ts');
      await evaluateKnowledge(options);
    });

  program
    .command('export')
    .description(
      'print closed and well-rated conversations for a model to learn from, personal data and sensitive words masked',
    )
    .addOption(
      new Option('--as <form>', '`finetune`: one `{"messages": […]}` a line, as OpenAI-compatible servers take it')
        .choices(['finetune'])
        .makeOptionMandatory(),
    )
    .option('--rated-from <score>', 'the least score, 1 to 5', integerFrom(1, 5), 4)
    .option('--since <time>', 'only sessions that were closed from this moment on, such as 2026-11-01T00:00:00Z')
    .option('--until <time>', 'only sessions that were closed up to this moment')
    .option('--tenant <name>', 'only this tenant (default: every tenant)')
    .option('--system <text>', 'what the model is told to be (default: the policy’s instructions)')
    .option('--tokens-max <n>', 'leave out what is longer, by estimate', integerFrom(1, COUNT_MAX), 16_000)
    .option('--limit <n>', 'end after so many dialogues', integerFrom(1, COUNT_MAX))
    .option('--keep-personal', 'leave e-mail addresses and numbers of phones, cards, identities and orders as they are')
    .action(async (options: ExportOptions) => {
      const { exportDialogues } = await import('./export.ts');
      await exportDialogues(options);
    });

  program
    .command('whatif')
    .description('put past sessions to another policy, and print what would have changed; changes nothing')
    .requiredOption(
      '--policy <file>',
      'JSON: {knowledge?, sensitiveWords?, budgetMs?, default?: {…}, tenants?: {…}}; the rest is as now',
    )
    .option('--since <time>', 'only what was asked from this moment on, such as 2026-11-01T00:00:00Z')
    .option('--until <time>', 'only what had happened up to this moment')
    .option('--tenant <name>', 'only this tenant (default: every tenant)')
    .addOption(
      new Option('--model <source>', 'what a model says: what the log holds, what KEFU_LLM_* says now, or nothing')
        .choices(['recorded', 'live', 'none'])
        .default('recorded'),
    )
    .option('--examples <n>', 'examples of each change', integerFrom(0, 100), 3)
    .option('--json <file>', 'write everything, with each change, to this file')
    .action(async (options: WhatifOptions) => {
      const { whatif } = await import('./whatif/whatif.ts');
      await whatif(options);
    });

  await program.parseAsync(args, { from: 'user' });
};
