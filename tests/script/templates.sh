#!/bin/sh
# Templates on the command line: signatures added up, the template of each line, and what a filter leaves.
. "${srcdir:-.}/tests/script/lib.sh"

{
	for name in ada bob cyd dee eve fay; do
		echo "2025-05-17T20:39:15Z INFO auth: login of $name refused"
		echo "2025-05-17T20:39:16Z INFO auth: cache holds 12 names"
	done
	echo "2025-05-17T20:39:17Z ERROR auth: login of x9 refused"
	echo "2025-05-17T20:39:18Z INFO auth: going down"
} >login.log

run templates --json login.log
exits 0
prints_lines 3
members '=id:n,template:s,count:n,first:t,last:t,levels:o,services:a,example:s'
gives template 'login of <*> refused' 'cache holds <*> names' 'going down'
gives id 0 1 8
gives count 7 6 1
gives example 'login of ada refused' 'cache holds 12 names' 'going down'
test_is "counts are of all signatures of a template"

run templates --assign --json login.log
exits 0
prints_lines 14
members '=source:s,line:n0,template_id:n'
gives line 1 2 3 4 5 6 7 8 9 10 11 12 13 14
gives template_id 0 1 0 1 0 1 0 1 0 1 0 1 0 8
test_is "--assign says the template of each line, in their order"

run templates --assign -n 2 login.log
prints "     0  login.log:1"
prints_lines 2
test_is "--assign for people, and no more than asked for"

run search --json template:0 login.log
prints_lines 7
gives template 0 0 0 0 0 0 0
run search --json -- '-template:0 -template:1' login.log
gives message 'going down'
test_is "template:N takes and hides all signatures of a template, and search names it by that number"

run templates --json -f 'level>=error' login.log
gives template 'login of <*> refused'
gives count 1
test_is "a filter leaves templates what they were in the whole log"

sed -n '1,12p' login.log >before.log
run templates --json --baseline before.log login.log
gives new false false true
run templates --baseline before.log login.log
prints 'new going down'
run templates --baseline absent.log login.log
exits 3
says absent.log
test_is "--baseline says which are new; another name is nothing new"
finish
