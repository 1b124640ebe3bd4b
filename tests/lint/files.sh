#!/bin/sh
# The list of files that Makefile.am builds and ships is what lies in the folders.
. "${srcdir:-.}/tests/lint/tap.sh"
cd "${srcdir:-.}" || exit 1
different=$(build-aux/list-files.sh - | diff -u build-aux/files.am - | head -n 20)
plan 1
check "build-aux/files.am is what build-aux/list-files.sh writes" "$different"
