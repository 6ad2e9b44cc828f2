import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{actors,events,projections,infra,properties}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', '.cache/**'],
    pool: 'forks',
    globalSetup: ['properties/servers/vitest-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
