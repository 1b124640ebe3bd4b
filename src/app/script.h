/*
 * Drives the console without a terminal: a file of commands, a screen in memory, a clock that stands still but for
 * `tick`.
 *
 *   size 120x40            the size of the screen (default 80x24); later, or as `resize`, it changes
 *   keys Tab j / Enter     keys by name
 *   type how many errors   the rest of the line as characters
 *   tick 1500              so many ms pass
 *   idle                   until everything that was begun is done
 *   dump [roles]           prints the screen; with `roles` each row is followed by its role letters, and
 *                          the screen by what the theme makes of them
 *   # comment
 */
#ifndef APP_SCRIPT_H
#define APP_SCRIPT_H

#include "app/command.h"

/* Runs the script on the invocation's sources and prints what it dumps. Returns an exit code; a wrong line is
 * complained about with its number. */
int script_run(struct invocation *invocation, const char *path);

#endif
