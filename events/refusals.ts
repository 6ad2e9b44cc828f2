/** Why a command was not carried out. A refused command changed nothing. */
import type { CommandType } from './commands.ts';
import type { Deadline } from './deadlines.ts';
import type { Role, Status } from './names.ts';

export type Refusal =
  | { readonly _tag: 'UnknownSession' }
  | { readonly _tag: 'RoleMayNot'; readonly role: Role; readonly command: CommandType }
  | { readonly _tag: 'NotYourSession' }
  | { readonly _tag: 'NotInThisState'; readonly status: Status; readonly command: CommandType }
  | { readonly _tag: 'AlreadyAssigned'; readonly assignee: string }
  | { readonly _tag: 'NotTheAssignee'; readonly assignee: string | null }
  | { readonly _tag: 'StaleReply'; readonly basedOn: number; readonly since: number }
  | { readonly _tag: 'NotThatFarYet'; readonly seq: number }
  | { readonly _tag: 'NoSuchChoice'; readonly offer: number }
  | { readonly _tag: 'IdReused'; readonly clientId: string }
  | { readonly _tag: 'IdTooOld'; readonly clientId: string }
  | { readonly _tag: 'NotDue'; readonly deadline: Deadline }
  | { readonly _tag: 'SessionFull' }
  | { readonly _tag: 'Unavailable'; readonly why: string };

/** The stable word for the rule, as clients see it in `reason`. */
export const reasonOf = (refusal: Refusal): string => {
  switch (refusal._tag) {
    case 'NotInThisState':
      return stateReason(refusal);
    case 'UnknownSession':
      return 'unknown_session';
    case 'RoleMayNot':
      return 'role_may_not';
    case 'NotYourSession':
      return 'not_your_session';
    case 'AlreadyAssigned':
      return 'already_assigned';
    case 'NotTheAssignee':
      return 'not_the_assignee';
    case 'StaleReply':
      return 'stale_reply';
    case 'NotThatFarYet':
      return 'not_that_far_yet';
    case 'NoSuchChoice':
      return 'no_such_choice';
    case 'IdReused':
      return 'id_reused';
    case 'IdTooOld':
      return 'id_too_old';
    case 'NotDue':
      return 'not_due';
    case 'SessionFull':
      return 'session_full';
    case 'Unavailable':
      return 'unavailable';
  }
};

/** One sentence for people: what is so, and what to do next where something can be done. */
export const sayRefusal = (refusal: Refusal): string => {
  switch (refusal._tag) {
    case 'UnknownSession':
      return 'there is no such session';
    case 'RoleMayNot':
      return `the role ${refusal.role} may not send ${refusal.command}`;
    case 'NotYourSession':
      return 'this session belongs to another visitor';
    case 'NotInThisState':
      return refusal.status === 'closed'
        ? `the session is closed and takes no ${refusal.command}; ReopenSession opens it again`
        : `${refusal.command} does not fit a session that is ${refusal.status}`;
    case 'AlreadyAssigned':
      return `the session is already assigned to ${refusal.assignee}`;
    case 'NotTheAssignee':
      return refusal.assignee === null
        ? 'nobody is assigned to the session; send ClaimSession first'
        : `the session is assigned to ${refusal.assignee}; only they may do this`;
    case 'StaleReply':
      return `the reply rests on seq ${refusal.basedOn}, but seq ${refusal.since} has come since`;
    case 'NotThatFarYet':
      return `the session has only come to seq ${refusal.seq}`;
    case 'NoSuchChoice':
      return `seq ${refusal.offer} is not the newest offer, or it has no such entry; say the question instead`;
    case 'IdReused':
      return 'this client id was used before for another command; send a new id';
    case 'IdTooOld':
      return 'this client id was used long ago and its answer is no longer kept; read the history for the outcome';
    case 'NotDue':
      return `the deadline ${refusal.deadline} has not passed, or what was waited for has come`;
    case 'SessionFull':
      return 'the session has reached its greatest number of facts; open a new one';
    case 'Unavailable':
      return refusal.why;
  }
};

const stateReason = ({ status, command }: { status: Status; command: CommandType }): string => {
  if (status === 'closed') return 'session_closed';
  if (command === 'ReopenSession') return 'not_closed';
  if (command === 'RequestHandoff' || command === 'HandOff')
    return status === 'queued' ? 'already_queued' : 'already_assigned';
  if (command === 'OpenSession') return 'already_open';
  return `not_while_${status}`;
};
