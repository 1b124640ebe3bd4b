/*
 * Logs of whole machines: syslog, Android, Windows, supercomputers. Their component is the service.
 */
#include "ingest/format_header.h"
#include "ingest/format_rows.h"

static const struct format rows[] = {
	FORMAT_OF_PATTERNS("bgl", "Blue Gene: label seconds date node time node type component LEVEL message",
		"%{label} %{-:number} %{-} %{node} %{time:yyyy-MM-dd-HH.mm.ss} %{-} %{type} %{service} %{level} "
		"%{message}"),
	FORMAT_OF_PATTERNS("thunderbird", "Thunderbird and kin: label seconds date node, then syslog",
		"%{label} %{time:epoch} %{date} %{node} %{-} %{-:number} %{-} %{location} "
		"%{service:tag}%([%{pid}]%): %{message}",
		"%{label} %{time:epoch} %{date} %{node} %{-} %{-:number} %{-} %{location} %{message}"),
	FORMAT_OF_PATTERNS("hpc", "HPC: number node component state seconds flag message",
		"%{id:number} %{node} %{service} %{state} %{time:epoch} %{flag} %{message}"),
	FORMAT_OF_PATTERNS("hdfs", "HDFS: 081109 203615 pid LEVEL logger: message",
		"%{time:yyMMdd HHmmss} %{pid:number} %{level} %{logger}: %{message}"),
	FORMAT_OF_PATTERNS("android", "Android's logcat: 01-02 15:04:05.000 pid tid D tag: message",
		"%{time:MM-dd HH:mm:ss} %{pid:number} %{tid:number} %{level:letter} %{service:text}: %{message}",
		"%{time:MM-dd HH:mm:ss} %{level:letter}/%{service:text}(%( %)%{pid:number}): %{message}",
		"%{level:letter}/%{service:text}(%( %)%{pid:number}): %{message}"),
	FORMAT_OF_PATTERNS("healthapp", "HealthApp: 20171223-22:15:29:606|component|pid|message",
		"%{time:yyyyMMdd-H:m:s:N}|%{service:text}|%{pid}|%{message}"),
	FORMAT_OF_PATTERNS("proxifier", "Proxifier: [10.30 16:49:06] program - message",
		"[%{time:MM.dd HH:mm:ss}] %{service:text} - %{message}"),
	FORMAT_OF_PATTERNS(
		"windows", "Windows' CBS: time, Level component message", "%{time}, %{level} %{service} %{message}"),
	FORMAT_OF_PATTERNS("syslog", "syslog of RFC 3164: <priority>Jan  2 15:04:05 host program[pid]: message",
		"%(<%{priority}>%)%{time:MMM d HH:mm:ss} %{host} %{service:tag}%([%{pid}]%)%( (%{address})%): "
		"%{message}",
		"%(<%{priority}>%)%{time:MMM d HH:mm:ss} %{host} %{message}",
		"%(<%{priority}>%)%{time} %{host:host} %{service:tag}%([%{pid}]%): %{message}"),
};

const struct format_list formats_machine = { rows, sizeof(rows) / sizeof(rows[0]) };
