/** How nats-server is run where it is measured: as in docker-compose.yml and infra/deploy, since that is what is shipped. */
export const natsSettings = {
  /** What an ack survives depends on it. */
  jetstream: ['sync_interval: "1s"', 'max_memory_store: 256MB', 'max_file_store: 20GB'],
  environment: { GOMAXPROCS: '1' },
};
