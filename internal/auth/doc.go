// SPDX-License-Identifier: GPL-3.0-or-later

// Package auth authenticates requests by account and password. A comparison of a
// password with its bcrypt hash takes a quarter of a second of a core, so it is done
// once: a cache holds the passwords that were right, a queue orders the logins that
// need a comparison, and a throttle refuses clients that failed too often. The package
// also hashes new passwords.
//
// # The order of a login
//
// Each step may end the login, and none may reveal more than its own answer does.
//
//  1. Digest. Account, in upper case, and password become one keyed digest, whose
//     key dies with the process. The cache of passwords is keyed by it; each entry holds
//     the stored hash that the password was compared with, or none, so that a changed
//     hash makes the entry void by itself.
//  2. Throttle. The pair of account and address is counted by the account in upper
//     case, because it has not been looked up yet. Over the limit the answer is 429,
//     before any question to the cache of accounts or the database: known, unknown and
//     lately seen accounts are refused alike and as fast. Two things pass: a
//     password that was right at this address within a day, so that an attacker
//     behind a hospital's address locks nobody out there, and one that is known
//     there to be wrong, so that a phone with an old key learns that it is old.
//     Asking whether a password is one of these tells a guesser something, so each pair
//     has a budget of a hundred different digests in an hour; once it is spent, right and
//     wrong passwords wait alike.
//  3. Look-up. The account is the one that is stored as it is written, else the one
//     in upper case. From here on only the stored id counts. The cache of accounts answers
//     only if this password is cached as right for the hash there, which is a success;
//     every failure has asked the database, so that its time does not tell which accounts
//     logged in lately. A login that passed the throttle and finds another hash now is
//     429: it would be one more guess.
//  4. Compare, unless the cache knows how that ended: right passwords for login.remember,
//     from anywhere; wrong ones for a day, at the address where they were compared.
//     The same wrong password again is 401 at once, uses up nothing and stops
//     nobody. Each different one costs a comparison of the configured cost (a decoy
//     where there is nothing to compare with, a top-up for cheaper hashes) and
//     counts as one failure of the pair.
//
// The first failure of a pair also counts for its address, in accounts, as a
// hospital has one address for many people; a pair that has logged in before is exempt
// from the limit of its address. Too many failures of an account from everywhere slow it
// down where it has not logged in, and close it nowhere. A success takes back the pair's
// failures, and so does a change of one's own password.
//
// # The queue
//
// Comparisons wait in one queue. Clients that have logged in from the same address come
// first, then those whose address failed and came less often. New passwords are hashed
// behind all of them, and one account and one address have two of these at a time
// (503 at once for a third), so that the queue is left to logins. A caller that asks for a
// hash has made sure before that nothing else refuses the request.
//
// All memory here is bounded, and is gone after a restart: then nobody is over a
// limit, and no client is known.
package auth
