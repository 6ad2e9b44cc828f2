/**
 * What Redis does in one step. Every script gets the shard's head as its first key and the generation that the caller
 * believes in as its first argument; all other keys are of that generation and are declared, so that they are safe while
 * a cluster moves a slot. A reader's answer begins with the generation and checkpoint found; where the generation is
 * another one, nothing follows and the caller asks again. An empty generation means that the shard holds nothing.
 */
import { Script } from './script.ts';

/** Redis 5 and later replicate effects, so that a script may look at the clock: no generation ever comes twice. */
const found = `
local head = redis.call('GET', KEYS[1])
local generation, checkpoint
if head then generation, checkpoint = string.match(head, '^(%x+) (%d+)$') end
`;

const reading = `${found}
if not generation then return {'', '0'} end
if generation ~= ARGV[1] then return {generation, checkpoint} end
`;

/**
 * Arguments: generation, expected checkpoint, new checkpoint, number of commands; for every command its name, the number
 * of its arguments and these; then for every list of messages these in one, each with a line end. The further keys are those of
 * the commands, then those of the messages. Answers 1, or the generation and checkpoint it found.
 */
const write = `${found}
if not generation then
  if ARGV[2] ~= '0' then return {'', '0'} end
  local now = redis.call('TIME')
  generation = string.format('%x', now[1] * 1000000 + now[2])
  checkpoint = '0'
  redis.call('SET', KEYS[1], generation .. ' 0')
end
if checkpoint ~= ARGV[2] or generation ~= ARGV[1] then return {generation, checkpoint} end
local call = redis.call
local at, last = 5, 1 + ARGV[4]
for i = 2, last do
  local past = at + 2 + ARGV[at + 1]
  call(ARGV[at], KEYS[i], unpack(ARGV, at + 2, past - 1))
  at = past
end
local find, sub = string.find, string.sub
for i = last + 1, #KEYS do
  local lines, count, from = ARGV[at], 0, 1
  local messages = {}
  at = at + 1
  local to = find(lines, '\\n', from, true)
  while to do
    count = count + 1
    messages[count] = sub(lines, from, to - 1)
    from = to + 1
    to = find(lines, '\\n', from, true)
  end
  for first = 1, count, 4000 do
    call('RPUSH', KEYS[i], unpack(messages, first, math.min(first + 3999, count)))
  end
end
redis.call('SET', KEYS[1], generation .. ' ' .. ARGV[3])
return 1
`;

/** Lua takes no more than some 8,000 values from a table at once. */
const readRows = `
local function rowsAt(refs)
  local rows = {}
  for first = 1, #refs, 4000 do
    local some = redis.call('HMGET', KEYS[2], unpack(refs, first, math.min(first + 3999, #refs)))
    for j = 1, #some do rows[#rows + 1] = some[j] end
  end
  return rows
end
`;

/** Keys: rows. Arguments: generation, refs. Answers with the rows. */
const rows = `${reading}${readRows}
table.remove(ARGV, 1)
return {generation, checkpoint, rowsAt(ARGV)}
`;

/**
 * Keys: rows, messages. Arguments: generation, ref, after or '', before or '', limit. Answers with row and page.
 * The n-th message's seq is at least n, and what is missing in between only grows, which narrows the search for a seq.
 */
const transcript = `${reading}
local row = redis.call('HGET', KEYS[2], ARGV[2])
local limit = tonumber(ARGV[5])
if not row or limit < 1 then return {generation, checkpoint, row, {}} end
if ARGV[3] == '' and ARGV[4] == '' then
  return {generation, checkpoint, row, redis.call('LRANGE', KEYS[3], -limit, -1)}
end
local function seqAt(index)
  return tonumber(string.match(redis.call('LINDEX', KEYS[3], index), '^{"seq":(%d+)'))
end
local length = redis.call('LLEN', KEYS[3])
if length == 0 then return {generation, checkpoint, row, {}} end
local last = seqAt(-1)
local function countBelow(seq)
  if last < seq then return length end
  local low, high = math.max(0, seq - 1 - (last - length)), math.min(length, seq - 1)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if seqAt(middle) < seq then low = middle + 1 else high = middle end
  end
  return low
end
local past = length
if ARGV[4] ~= '' then past = countBelow(tonumber(ARGV[4])) end
local first
if ARGV[3] ~= '' then
  first = countBelow(tonumber(ARGV[3]) + 1)
  past = math.min(past, first + limit)
else
  first = math.max(0, past - limit)
end
if first >= past then return {generation, checkpoint, row, {}} end
return {generation, checkpoint, row, redis.call('LRANGE', KEYS[3], first, past - 1)}
`;

/**
 * Keys: rows, then for every list itself and the list that orders it, or itself again. Arguments: generation, then per list
 * the greatest score and a limit, then the tenant. Answers per list with session, score, session, score, … and with the rows.
 */
const lists = `${reading}${readRows}
local answer = {generation, checkpoint}
local at = 2
for i = 3, #KEYS, 2 do
  local places = {}
  if KEYS[i] == KEYS[i + 1] then
    places = redis.call('ZREVRANGEBYSCORE', KEYS[i], ARGV[at], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[at + 1])
  elseif redis.call('EXISTS', KEYS[i]) == 1 then
    local all = redis.call('ZINTER', 2, KEYS[i], KEYS[i + 1], 'WEIGHTS', 0, 1, 'WITHSCORES')
    local greatest = ARGV[at] == '+inf' and math.huge or tonumber(ARGV[at])
    local wanted = 2 * ARGV[at + 1]
    for j = #all - 1, 1, -2 do
      if #places == wanted then break end
      if tonumber(all[j + 1]) <= greatest then
        places[#places + 1] = all[j]
        places[#places + 1] = all[j + 1]
      end
    end
  end
  at = at + 2
  local refs = {}
  for j = 1, #places, 2 do refs[#refs + 1] = ARGV[#ARGV] .. '/' .. places[j] end
  answer[#answer + 1] = places
  answer[#answer + 1] = rowsAt(refs)
end
return answer
`;

/** Keys: a list. Arguments: generation, least score, greatest score, limit. Answers with member, score, … from the least on. */
const due = `${reading}
local places = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[2], ARGV[3], 'WITHSCORES', 'LIMIT', 0, ARGV[4])
return {generation, checkpoint, places}
`;

/** Removes those of the given keys of one shard that are not of its generation. Answers how many. */
const sweep = `${found}
local stale = {}
for i = 2, #KEYS do
  if string.match(KEYS[i], '^[^}]*}:(%x+):') ~= generation then stale[#stale + 1] = KEYS[i] end
end
if #stale == 0 then return 0 end
return redis.call('UNLINK', unpack(stale))
`;

export const scripts = {
  write: new Script(write),
  rows: new Script(rows),
  transcript: new Script(transcript),
  lists: new Script(lists),
  due: new Script(due),
  sweep: new Script(sweep),
} as const;
