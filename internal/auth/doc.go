// SPDX-License-Identifier: GPL-3.0-or-later

// Package auth answers who is asking. Checking a password against its bcrypt
// hash takes a quarter of a second of a core, so it is done once: who was right
// is remembered, who is new waits in line, who was wrong too often is refused.
// It also hashes new passwords.
//
// # The order of a login
//
// Each step may end the login, and none may tell more than its own answer does.
//
//  1. Digest. Account, in upper case, and password become one keyed digest, whose
//     key dies with the process. All that is remembered about passwords is under
//     it; its value is always the stored hash that the password was compared with,
//     or none, so that a changed hash makes it void by itself.
//  2. Throttle. The pair of account and address is counted by the account in upper
//     case, for no look-up has told yet what is stored. Over the limit it is 429,
//     before any question to memory of accounts or database: known, unknown and
//     lately seen accounts are refused alike and as fast. Two things pass: a
//     password that was right at this address within a day, so that an attacker
//     behind a hospital's address locks nobody out there, and one that is known
//     there to be wrong, so that a phone with an old key learns that it is old.
//     To look whether it is one of these tells a guesser something, so that a pair
//     has at most a hundred different digests looked at in an hour; beyond that
//     right and wrong ones wait alike.
//  3. Look-up. The account is the one that is stored as it is written, else the one
//     in upper case. From here on only the stored id counts. Memory answers only if
//     this password is remembered to fit the hash there, which is a success; all
//     that fails has asked the database, so that its time does not tell who logged
//     in lately. What passed the throttle and finds another hash now is 429: it
//     would be one more guess.
//  4. Compare, unless it is remembered how that ended: right ones for login.remember,
//     from anywhere; wrong ones for a day, at the address where they were compared.
//     The same wrong password again is 401 at once, uses up nothing and stops
//     nobody. Each different one costs a comparison of the configured cost (a decoy
//     where there is nothing to compare with, a top-up for cheaper hashes) and
//     counts as one failure of the pair.
//
// The first failure of a pair also counts for its address, in accounts, as a
// hospital has one address for many people; who has logged in there is not
// asked about that. Too many failures of an account from everywhere slow it down
// where it has not logged in, and close it nowhere. A success forgives the pair its
// failures, and so does a change of one's own password.
//
// # The line
//
// Comparisons wait in one line, in which who has logged in from the same address comes
// first, then whose address failed and came less often. New passwords are hashed
// behind all of them, and one account and one address have two of these places
// (503 at once for a third): nobody can fill the line with work that does not
// decide about a login. Whoever asks for a hash has made sure before that
// nothing else refuses the request.
//
// Everything here is bounded, and is gone after a restart: then nobody is over a
// limit, and nobody is remembered.
package auth
