/** Writes to standard output as fast as whoever reads it takes it. */

/** Resolves with `false` when nobody reads any more, as behind `head`. */
export const writeOut = (text: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve(true);
      else if ((error as NodeJS.ErrnoException).code === 'EPIPE') resolve(false);
      else reject(error);
    });
  });
