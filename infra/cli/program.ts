/** The command line. Each command's code is loaded when it is called, so that none pays for another. */
import { EXIT_WRONG_SETTING, exitWith } from './exit.ts';

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
  const { Command, InvalidArgumentError } = await import('commander');

  const seconds = (value: string): number => {
    const parsed = /^(\d+)(s|m|h|d)?$/.exec(value);
    if (parsed === null || Number(parsed[1]) === 0)
      throw new InvalidArgumentError('expected a time such as 30m, 8h or 7d');
    return Number(parsed[1]) * { s: 1, m: 60, h: 3_600, d: 86_400 }[(parsed[2] ?? 's') as 's' | 'm' | 'h' | 'd'];
  };

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

  await program.parseAsync(args, { from: 'user' });
};
